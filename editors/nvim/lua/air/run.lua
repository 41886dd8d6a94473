-- Runs on simulated peers: the server runs the script, this module sends the commands and shows the results.
local air = require("air")
local results = require("air.results")
local M = {}

local function summary(report)
  local coverage = report.coverage or {}
  local text = (report.outcome or {}).text or (report.outcome or {}).status or "done"
  if coverage.instructions then
    text = string.format("%s (%d of %d instructions ran)", text, coverage.executed, coverage.instructions)
  end
  return text
end

-- argument: { sample = boolean or nil, case = string or nil }, as `air.run` takes it. The report of the last run of
-- each buffer is kept in its variable `air_report`, as text of JSON.
function M.run(buffer, argument)
  results.clear(buffer)
  vim.api.nvim_echo({ { "air: running…" } }, false, {})
  air.command(buffer, "air.run", argument, function(failure, report, detail)
    if failure then
      -- An edit or a newer run ended this run.
      if not (detail and (detail.code == -32801 or detail.code == -32800)) then
        air.warn(failure)
      end
      return
    end
    if not vim.api.nvim_buf_is_valid(buffer) then
      return
    end
    vim.api.nvim_buf_set_var(buffer, "air_report", vim.fn.json_encode(report))
    results.show(buffer)
    air.draw_lenses(buffer)
    vim.api.nvim_echo({ { "air: " .. summary(report) } }, false, {})
  end)
end

function M.stop(buffer)
  air.command(buffer, "air.stop", {}, function(failure)
    if failure then
      air.warn(failure)
    end
  end)
end

function M.clear(buffer)
  results.clear(buffer)
  air.command(buffer, "air.clearResults", {}, function(failure)
    if failure then
      return air.warn(failure)
    end
    air.draw_lenses(buffer)
  end)
end

-- Why the part under the cursor did not run; `all`: every part, in the location list.
function M.explain(buffer, all)
  local cursor = vim.api.nvim_win_get_cursor(0)
  local line = vim.api.nvim_get_current_line()
  local _, units = vim.str_utfindex(line, math.min(cursor[2], #line))
  local argument = all and {} or { position = { line = cursor[1] - 1, character = units } }
  air.command(buffer, "air.explainNotExecuted", argument, function(failure, parts)
    if failure then
      return air.warn(failure)
    elseif type(parts) ~= "table" then
      return air.warn("this version of the script has not been run; run it with :AirRun")
    elseif #parts == 0 then
      return vim.api.nvim_echo({ { all and "air: every instruction ran" or "air: the instruction under the cursor ran" } }, false, {})
    elseif not all then
      return vim.api.nvim_echo({ { "air: not executed: " .. parts[1].text } }, false, {})
    end
    local items = vim.tbl_map(function(part)
      return {
        bufnr = buffer,
        lnum = part.range.start.line + 1,
        col = part.range.start.character + 1,
        text = string.format("%s (%d instructions)", part.text, part.instructions),
      }
    end, parts)
    vim.fn.setloclist(0, {}, " ", { title = "not executed", items = items })
    vim.cmd("lopen")
  end)
end

-- Shows the last run as a sequence diagram, in Mermaid's format.
function M.diagram(buffer)
  air.command(buffer, "air.showDiagram", {}, function(failure, diagram)
    if failure then
      return air.warn(failure)
    elseif type(diagram) ~= "table" then
      return air.warn("this version of the script has not been run; run it with :AirRun")
    end
    vim.cmd("belowright vertical new")
    vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile, vim.bo.filetype = "nofile", "wipe", false, "mermaid"
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(diagram.mermaid, "\n", { trimempty = true }))
    vim.bo.modifiable = false
  end)
end

-- Lenses run a script the same way: vim.lsp.codelens.run().
function M.register()
  vim.lsp.commands["air.run"] = function(command, context)
    M.run(context.bufnr, (command.arguments or {})[1] or {})
  end
  vim.lsp.commands["air.clearResults"] = function(_, context)
    M.clear(context.bufnr)
  end
end

return M
