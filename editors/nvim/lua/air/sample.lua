-- Sample data to start from, as the server makes it up: a file beside the script, or annotations behind the calls.
local air = require("air")
local M = {}

local KIND = "source.generateSample.air"

-- annotations: whether they are wanted rather than a file.
function M.generate(buffer, annotations)
  local last = vim.api.nvim_buf_line_count(buffer)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = { start = { line = 0, character = 0 }, ["end"] = { line = last, character = 0 } },
    context = { diagnostics = {}, only = { KIND } },
  }
  air.request(buffer, "textDocument/codeAction", params, function(failure, actions)
    if failure then
      return air.warn(failure)
    end
    for _, action in ipairs(actions or {}) do
      local file
      for _, change in ipairs((action.edit or {}).documentChanges or {}) do
        if change.kind == "create" then
          file = change.uri
        end
      end
      if action.edit and (file == nil) == annotations then
        return M.apply(buffer, action.edit, file)
      end
    end
    air.warn("no sample data for this script: it has mistakes, or calls nobody that needs any")
  end)
end

function M.apply(buffer, edit, file)
  if file and vim.loop.fs_stat(vim.uri_to_fname(file)) then
    -- It may hold what was written by hand.
    vim.cmd("split " .. vim.fn.fnameescape(vim.uri_to_fname(file)))
    return air.warn("it is there already; remove it to have it made anew")
  end
  local client = air.client(buffer)
  vim.lsp.util.apply_workspace_edit(edit, client and client.offset_encoding or "utf-16")
  if file then
    vim.cmd("split " .. vim.fn.fnameescape(vim.uri_to_fname(file)))
  end
end

return M
