-- Neovim 0.11 and newer find the server's configuration here: vim.lsp.enable("air").
return {
  cmd = { "air-lsp" },
  -- Of JSON only sample data: where `found` is not called, nothing is started.
  filetypes = { "air", "json", "jsonc" },
  root_dir = function(buffer, found)
    if vim.bo[buffer].filetype == "air" or vim.api.nvim_buf_get_name(buffer):find("%.sample%.json$") then
      found(vim.fs.root(buffer, { "air.toml", ".air.toml" }) or vim.fs.root(buffer, ".git"))
    end
  end,
}
