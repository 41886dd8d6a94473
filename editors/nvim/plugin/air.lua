if vim.g.loaded_air then
  return
end
vim.g.loaded_air = true

vim.api.nvim_set_hl(0, "AirResult", { link = "Comment", default = true })

local function command(name, act, options)
  vim.api.nvim_create_user_command(name, function(call)
    act(vim.api.nvim_get_current_buf(), call)
  end, options)
end

command("AirBeautify", function(_, call)
  require("air.view").open({ patterns = call.bang })
end, { bang = true, desc = "Show this AIR script in readable form beside it (with !: the compiler's idioms by name)" })

command("AirRun", function(buffer, call)
  local case = call.args ~= "" and call.args or nil
  local sample
  if call.bang then
    sample = false
  end
  require("air.run").run(buffer, { sample = sample, case = case })
end, { bang = true, nargs = "?", desc = "Run this AIR script on simulated peers (with !: without its sample data)" })

command("AirStop", function(buffer)
  require("air.run").stop(buffer)
end, { desc = "End the run of this AIR script" })

command("AirClear", function(buffer)
  require("air.run").clear(buffer)
end, { desc = "Remove the results of the last run" })

command("AirExplain", function(buffer, call)
  require("air.run").explain(buffer, call.bang)
end, { bang = true, desc = "Explain why the part under the cursor did not run (with !: all parts)" })

command("AirDiagram", function(buffer)
  require("air.run").diagram(buffer)
end, { desc = "Show the last run as a sequence diagram" })

command("AirGenerateSample", function(buffer, call)
  require("air.sample").generate(buffer, call.bang)
end, { bang = true, desc = "Generate sample data in a file beside this AIR script (with !: as comments in it)" })

-- Sample data has the server too: errors, keys, a lens for each case. From 0.11 on lsp/air.lua configures that.
if not vim.lsp.enable then
  vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
    pattern = "*.sample.json",
    callback = function(event)
      require("air").attach(event.buf)
    end,
  })
end

require("air.run").register()
require("air.sample").register()
require("air.edit").register()
require("air").enable()
