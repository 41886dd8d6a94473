if vim.g.loaded_air then
  return
end
vim.g.loaded_air = true

vim.api.nvim_create_user_command("AirBeautify", function(call)
  require("air.view").open({ patterns = call.bang })
end, { bang = true, desc = "Readable view of this AIR script beside it (with !: the compiler's idioms named)" })
