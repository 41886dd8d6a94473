-- :checkhealth air
local M = {}

function M.check()
  local health = vim.health or require("health")
  local start = health.start or health.report_start
  local ok, warn, bad = health.ok or health.report_ok, health.warn or health.report_warn, health.error or health.report_error
  local air = require("air")

  start("air")
  local command = air.options.cmd[1]
  if vim.fn.executable(command) == 1 then
    ok(string.format("server: %s (%s)", vim.trim(vim.fn.system({ command, "--version" })), vim.fn.exepath(command)))
  else
    bad(command .. " is not on the PATH", { "cargo install --path lsp-server", ":help air-install" })
  end
  if vim.fn.has("nvim-0.9") == 1 then
    ok("colours: the server's semantic tokens")
  else
    warn("this version of Neovim does not draw semantic tokens; colours come from syntax/air.vim", { "use Neovim 0.9 or newer for the server's colours" })
  end
  if vim.lsp.inlay_hint then
    ok("values of runs: inlay hints")
  else
    ok("values of runs: virtual text at the ends of lines (this version of Neovim has no inlay hints)")
  end
  local client = air.client(vim.api.nvim_get_current_buf())
  if client then
    ok("attached to this buffer")
  elseif vim.bo.filetype == "air" then
    warn("not attached to this buffer", { ":messages and :LspLog may show the reason" })
  end
end

return M
