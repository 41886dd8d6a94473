-- The readable view of a script in a window beside it; the two cursors follow each other.
local air = require("air")
local M = {}

-- Per script buffer: its view's buffer, the options, and the pairs { view line, script line }, both from zero.
local views = {}

-- The script's line for a line of the view; the pairs ascend in the view's lines.
local function script_line(lines, line)
  local best = 0
  for _, pair in ipairs(lines) do
    if pair[1] > line then
      break
    end
    best = pair[2]
  end
  return best
end

-- The view's line for a line of the script: that of the nearest script line not after it.
local function view_line(lines, line)
  local best_view, best_script = 0, -1
  for _, pair in ipairs(lines) do
    if pair[2] <= line and pair[2] > best_script then
      best_view, best_script = pair[1], pair[2]
    end
  end
  return best_view
end

local function move(buffer, line)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    local last = vim.api.nvim_buf_line_count(buffer)
    vim.api.nvim_win_set_cursor(window, { math.min(line + 1, last), 0 })
  end
end

local function fill(view, result)
  view.lines = result.lines or {}
  vim.bo[view.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(view.buffer, 0, -1, false, vim.split(result.text, "\n", { trimempty = true }))
  vim.bo[view.buffer].modifiable = false
end

-- Requests the view; calls `done(message)`, with nil when the view is filled.
function M.refresh(script, done)
  local view = views[script]
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(script) },
    options = { patterns = view.options.patterns, idioms = view.options.patterns },
  }
  air.request(script, "air/view", params, function(failure, result)
    if not failure and result and vim.api.nvim_buf_is_valid(view.buffer) then
      fill(view, result)
    end
    done(failure)
  end)
end

local function follow(script, view)
  local group = vim.api.nvim_create_augroup("air_view_" .. script, { clear = true })
  vim.api.nvim_create_autocmd("CursorMoved", {
    group = group,
    buffer = script,
    callback = function()
      move(view.buffer, view_line(view.lines, vim.api.nvim_win_get_cursor(0)[1] - 1))
    end,
  })
  vim.api.nvim_create_autocmd("CursorMoved", {
    group = group,
    buffer = view.buffer,
    callback = function()
      move(script, script_line(view.lines, vim.api.nvim_win_get_cursor(0)[1] - 1))
    end,
  })
  vim.api.nvim_create_autocmd("BufWritePost", {
    group = group,
    buffer = script,
    callback = function()
      M.refresh(script, function(message)
        if message then
          air.warn(message)
        end
      end)
    end,
  })
  vim.api.nvim_create_autocmd("BufWipeout", {
    group = group,
    buffer = view.buffer,
    callback = function()
      views[script] = nil
      vim.schedule(function()
        pcall(vim.api.nvim_del_augroup_by_name, "air_view_" .. script)
      end)
    end,
  })
end

-- Opens the view of the current buffer; options: { patterns = boolean }.
function M.open(options)
  local script = vim.api.nvim_get_current_buf()
  local view = views[script]
  if view then
    view.options = options
  else
    local name = vim.api.nvim_buf_get_name(script)
    local buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, "air-view:" .. (name ~= "" and name or script))
    vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].swapfile = "nofile", "wipe", false
    view = { buffer = buffer, options = options, lines = {} }
    views[script] = view
    follow(script, view)
  end
  M.refresh(script, function(message)
    if message then
      air.warn(message)
      if #vim.fn.win_findbuf(view.buffer) == 0 then
        vim.api.nvim_buf_delete(view.buffer, { force = true })
      end
      return
    end
    if #vim.fn.win_findbuf(view.buffer) == 0 then
      local window = vim.api.nvim_get_current_win()
      vim.cmd("belowright vertical sbuffer " .. view.buffer)
      vim.wo.number, vim.wo.wrap, vim.wo.cursorline = false, false, true
      vim.api.nvim_set_current_win(window)
    end
  end)
end

return M
