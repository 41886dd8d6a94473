-- Neovim 0.11 and newer find the server's configuration here: vim.lsp.enable("air").

-- Of other languages only where that is asked for: the server answers inside of scripts in their strings.
local hosts = vim.g.air_embedded
    and { "typescript", "typescriptreact", "javascript", "javascriptreact", "rust", "markdown" }
  or {}

return {
  cmd = { "air-lsp" },
  -- Of JSON only sample data: where `found` is not called, nothing is started.
  filetypes = vim.list_extend({ "air", "json", "jsonc" }, hosts),
  root_dir = function(buffer, found)
    local filetype = vim.bo[buffer].filetype
    if filetype == "air" or vim.tbl_contains(hosts, filetype) or vim.api.nvim_buf_get_name(buffer):find("%.sample%.json$") then
      found(vim.fs.root(buffer, { "air.toml", ".air.toml" }) or vim.fs.root(buffer, ".git"))
    end
  end,
}
