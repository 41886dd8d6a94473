-- What a run gave, beside what it was given to: as inlay hints, or where Neovim has none (before 0.10) as virtual
-- text at the ends of lines. The server decides what is shown; an edit takes it away.
local air = require("air")
local M = {}

local space = vim.api.nvim_create_namespace("air_results")

-- A label is a text, or parts of which each has one.
local function text_of(hint)
  return type(hint.label) == "string" and hint.label or hint.label[1].value
end

-- Values are hints that begin with one of these; `≈` marks one that was made up.
local function is_value(hint)
  local label = text_of(hint)
  return (label:find("^=") or label:find("^≈")) ~= nil
end

function M.clear(buffer)
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
  end
end

-- The word before a position: virtual text at the end of the line has to name what the value belongs to.
local function word_before(buffer, position, encoding)
  local line = vim.api.nvim_buf_get_lines(buffer, position.line, position.line + 1, false)[1] or ""
  local column = position.character
  if encoding ~= "utf-8" then
    column = vim.str_byteindex(line, column, encoding ~= "utf-32")
  end
  return line:sub(1, column):match("[^%s()%[%]]+$") or ""
end

local function draw(buffer, hints, encoding)
  local lines = {}
  for _, hint in ipairs(hints) do
    local line = hint.position.line
    lines[line] = lines[line] or {}
    table.insert(lines[line], word_before(buffer, hint.position, encoding) .. " " .. text_of(hint))
  end
  M.clear(buffer)
  for line, texts in pairs(lines) do
    vim.api.nvim_buf_set_extmark(buffer, space, line, 0, {
      virt_text = { { "  " .. table.concat(texts, "   "), "AirResult" } },
      hl_mode = "combine",
    })
  end
  -- The first edit removes the values, whatever makes it.
  vim.api.nvim_buf_attach(buffer, false, {
    on_lines = function()
      vim.schedule(function()
        M.clear(buffer)
      end)
      return true
    end,
  })
end

-- Shows the values of the last run.
function M.show(buffer)
  if vim.lsp.inlay_hint then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    return
  end
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = {
      start = { line = 0, character = 0 },
      ["end"] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 },
    },
  }
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  air.request(buffer, "textDocument/inlayHint", params, function(failure, hints)
    if failure or not vim.api.nvim_buf_is_valid(buffer) or vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      return
    end
    local client = air.client(buffer)
    draw(buffer, vim.tbl_filter(is_value, hints or {}), client and client.offset_encoding or "utf-16")
  end)
end

return M
