-- One space per level: the layout of the Aqua compiler and of `air fmt`.
local bo = vim.bo
bo.expandtab, bo.shiftwidth, bo.softtabstop, bo.tabstop = true, 1, 1, 1
bo.commentstring, bo.comments = "; %s", ":;"
bo.lisp = false
vim.b.undo_ftplugin = "setlocal expandtab< shiftwidth< softtabstop< tabstop< commentstring< comments< lisp<"
  .. " | lua require('air.edit').unmap(0)"

require("air.edit").map(vim.api.nvim_get_current_buf())
require("air").attach(vim.api.nvim_get_current_buf())
