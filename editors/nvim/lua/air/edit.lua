-- Structural editing: the server says what to edit and where the cursor goes, this does both, at once, so that keys
-- can be pressed quickly, repeated with `.` and given a count.
local air = require("air")
local M = {}

-- Name of the server's command, `<Plug>` mapping, default key, what it does.
M.commands = {
  { "slurpForward", "<Plug>(air-slurp-forward)", ">)", "take in the form after the list" },
  { "slurpBackward", "<Plug>(air-slurp-backward)", "<(", "take in the form before the list" },
  { "barfForward", "<Plug>(air-barf-forward)", "<)", "let go of the list's last form" },
  { "barfBackward", "<Plug>(air-barf-backward)", ">(", "let go of the list's first form" },
  { "raise", "<Plug>(air-raise)", "<LocalLeader>o", "the form replaces the list around it" },
  { "splice", "<Plug>(air-splice)", "<LocalLeader>@", "what is in the list stands in its place" },
  { "dragForward", "<Plug>(air-drag-forward)", ">f", "the form changes places with the next one" },
  { "dragBackward", "<Plug>(air-drag-backward)", "<f", "the form changes places with the one before" },
  { "kill", "<Plug>(air-kill)", "<LocalLeader>d", "delete the form" },
  { "jumpToClosingBracket", "<Plug>(air-closing-bracket)", ")", "to the closing bracket" },
  { "jumpToOpeningBracket", "<Plug>(air-opening-bracket)", "(", "to the opening bracket" },
}

-- How long a key waits for the server.
local PATIENCE = 5000

-- Columns of the protocol from bytes of a line, and back.
local function units(line, byte, encoding)
  if encoding == "utf-8" then
    return byte
  end
  local points, pairs16 = vim.str_utfindex(line, math.min(byte, #line))
  return encoding == "utf-32" and points or pairs16
end

local function bytes(line, column, encoding)
  if encoding == "utf-8" then
    return math.min(column, #line)
  end
  local ok, byte = pcall(vim.str_byteindex, line, column, encoding ~= "utf-32")
  return ok and byte or #line
end

local function request(client, buffer, params)
  local answer, failure
  if vim.fn.has("nvim-0.11") == 1 then
    answer, failure = client:request_sync("workspace/executeCommand", params, PATIENCE, buffer)
  else
    answer, failure = client.request_sync("workspace/executeCommand", params, PATIENCE, buffer)
  end
  if not answer then
    return nil, failure or "no answer"
  elseif answer.err then
    return nil, answer.err.message
  end
  return answer.result
end

-- What an edit takes out, if it puts nothing in its place.
local function killed(buffer, edit, encoding)
  local text = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    for _, one in ipairs(change.edits or {}) do
      if one.newText ~= "" then
        return nil
      end
      local from, to = one.range.start, one.range["end"]
      local first = vim.api.nvim_buf_get_lines(buffer, from.line, from.line + 1, false)[1] or ""
      local last = vim.api.nvim_buf_get_lines(buffer, to.line, to.line + 1, false)[1]
      local end_line, end_byte = to.line, bytes(last or "", to.character, encoding)
      if not last then
        end_line = vim.api.nvim_buf_line_count(buffer) - 1
        end_byte = #vim.api.nvim_buf_get_lines(buffer, -2, -1, false)[1]
      end
      local start = bytes(first, from.character, encoding)
      vim.list_extend(text, vim.api.nvim_buf_get_text(buffer, from.line, start, end_line, end_byte, {}))
    end
  end
  return table.concat(text, "\n")
end

-- Does one of the commands where the cursor is; whether there was anything to do.
local function once(name)
  local buffer, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = air.client(buffer)
  if not client then
    air.warn("no server is attached to this buffer; see :checkhealth air")
    return false
  end
  local encoding = client.offset_encoding or "utf-16"
  local row, byte = unpack(vim.api.nvim_win_get_cursor(window))
  local line = vim.api.nvim_get_current_line()
  -- The cursor is on a character, the server's is between two: on a bracket that closes, it has been reached.
  local jumps = name == "jumpToClosingBracket"
  if jumps and line:sub(byte + 1, byte + 1):find("[%)%]]") then
    byte = byte + 1
  end
  local done, failure = request(client, buffer, {
    command = "air." .. name,
    arguments = {
      {
        uri = vim.uri_from_bufnr(buffer),
        position = { line = row - 1, character = units(line, byte, encoding) },
      },
    },
  })
  if failure then
    air.warn(failure)
    return false
  elseif type(done) ~= "table" then
    return false
  end
  if type(done.edit) == "table" then
    local text = name == "kill" and killed(buffer, done.edit, encoding)
    if text and text ~= "" then
      vim.fn.setreg('"', text)
    end
    vim.lsp.util.apply_workspace_edit(done.edit, encoding)
  end
  local target = vim.api.nvim_buf_get_lines(buffer, done.position.line, done.position.line + 1, false)[1] or ""
  local column = bytes(target, done.position.character, encoding) - (jumps and 1 or 0)
  vim.api.nvim_win_set_cursor(window, { done.position.line + 1, math.max(column, 0) })
  return true
end

-- Does one of the commands, by the server's name without `air.`, as often as said.
function M.run(name, count)
  for _ = 1, count or 1 do
    if not once(name) then
      return
    end
  end
end

-- For `operatorfunc`, through which an edit can be repeated with `.`.
function M.again()
  M.run(M.last, M.count)
end

-- What an edit's mapping expands to.
function M.expression(name)
  M.last, M.count = name, vim.v.count1
  vim.go.operatorfunc = "v:lua.require'air.edit'.again"
  -- The count is taken; a motion over nothing calls the function, also on an empty line.
  return "<Esc>g@" .. (vim.api.nvim_get_current_line() == "" and "_" or "l")
end

-- The `<Plug>` mappings, everywhere.
function M.register()
  for _, command in ipairs(M.commands) do
    local name, plug, _, what = unpack(command)
    if name:find("^jump") then
      vim.keymap.set({ "n", "x" }, plug, function()
        M.run(name, vim.v.count1)
      end, { desc = "air: " .. what })
    else
      vim.keymap.set("n", plug, function()
        return M.expression(name)
      end, { expr = true, replace_keycodes = true, desc = "air: " .. what })
    end
  end
end

-- The default keys of a buffer, but for what is mapped otherwise already.
function M.map(buffer)
  if not air.options.keys or vim.g.no_plugin_maps or vim.g.no_air_maps then
    return
  end
  for _, command in ipairs(M.commands) do
    local name, plug, key, what = unpack(command)
    for _, mode in ipairs(name:find("^jump") and { "n", "x" } or { "n" }) do
      if vim.fn.hasmapto(plug, mode) == 0 then
        vim.keymap.set(mode, key, plug, { buffer = buffer, remap = true, desc = "air: " .. what })
      end
    end
  end
end

-- Takes them away again.
function M.unmap(buffer)
  for _, command in ipairs(M.commands) do
    for _, mode in ipairs({ "n", "x" }) do
      pcall(vim.keymap.del, mode, command[3], { buffer = buffer })
    end
  end
end

return M
