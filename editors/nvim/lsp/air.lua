-- Neovim 0.11 and newer find the server's configuration here: vim.lsp.enable("air").
return {
  cmd = { "air-lsp" },
  filetypes = { "air" },
  root_markers = { { "air.toml", ".air.toml" }, ".git" },
}
