-- Sample data to start from, as the server makes it up: a file beside the script, or annotations behind the calls.
local air = require("air")
local M = {}

local function show(uri)
  local name = vim.uri_to_fname(uri)
  if vim.fn.bufwinnr(vim.fn.bufnr(name)) < 0 then
    vim.cmd("split " .. vim.fn.fnameescape(name))
  end
end

-- annotations: whether they are wanted rather than a file.
function M.generate(buffer, annotations)
  air.command(buffer, "air.generateSample", { annotations = annotations }, function(failure, result, detail)
    if failure then
      air.warn(failure)
      if ((detail or {}).data or {}).code == "sample-exists" then
        -- It may hold what was written by hand.
        show((vim.uri_from_bufnr(buffer):gsub("%.air$", "") .. ".sample.json"))
      end
    elseif not annotations and type(result) == "table" then
      -- A server that shows documents by itself has done so.
      vim.schedule(function()
        show(result.uri)
      end)
    end
  end)
end

-- So that a lens does the same.
function M.register()
  vim.lsp.commands["air.generateSample"] = function(command, context)
    M.generate(context.bufnr, ((command.arguments or {})[1] or {}).annotations == true)
  end
end

return M
