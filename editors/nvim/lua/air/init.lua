-- Starts air-lsp for AIR buffers, in every version of Neovim since 0.7.
--
-- require("air").setup({ cmd = { "air-lsp" }, settings = {…}, on_attach = function(client, buffer) … end, lenses = true,
-- keys = true }) is optional; every key may be left out.
local M = {}

M.options = { cmd = { "air-lsp" }, settings = nil, on_attach = nil, capabilities = nil, lenses = true, keys = true }

function M.setup(options)
  M.options = vim.tbl_extend("force", M.options, options or {})
  if M.enabled then
    M.enable()
  end
end

-- Folder of the nearest configuration, else of the repository, else of the file.
local function root_of(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local start = file ~= "" and vim.fn.fnamemodify(file, ":p:h") or vim.fn.getcwd()
  for _, marker in ipairs({ "air.toml", ".air.toml", ".git" }) do
    local found = vim.fn.findfile(marker, start .. ";")
    if found == "" then
      found = vim.fn.finddir(marker, start .. ";")
    end
    if found ~= "" then
      return vim.fn.fnamemodify(found, ":p"):gsub("/$", ""):match("^(.*)/[^/]*$") or start
    end
  end
  return start
end

-- Draws the lenses of a buffer again; does nothing if they are turned off.
function M.draw_lenses(buffer)
  if not M.options.lenses or not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  if vim.lsp.codelens.enable then
    -- From 0.12 on they keep themselves up to date.
    return vim.lsp.codelens.enable(true, { bufnr = buffer })
  end
  vim.api.nvim_buf_call(buffer, function()
    vim.lsp.codelens.refresh(vim.fn.has("nvim-0.10") == 1 and { bufnr = buffer } or nil)
  end)
end

local function on_attach(client, buffer)
  local group = vim.api.nvim_create_augroup("air_lenses_" .. buffer, { clear = true })
  vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "TextChanged" }, {
    group = group,
    buffer = buffer,
    callback = function()
      if M.client(buffer) then
        M.draw_lenses(buffer)
      end
    end,
  })
  M.draw_lenses(buffer)
  if M.options.on_attach then
    M.options.on_attach(client, buffer)
  end
end

-- Before 0.8 there is no vim.lsp.start: one client per root is kept here.
local clients = {}

local function start_old(config, buffer)
  local id = clients[config.root_dir]
  if not (id and vim.lsp.get_client_by_id(id)) then
    id = vim.lsp.start_client(config)
    clients[config.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
  return id
end

-- Requests by which the server says that a run has ended. Neovim answers the first from 0.10 on and the second from
-- 0.12 on; here the plugin does before.
local handlers = {}

local function in_scripts_of(client, act)
  for buffer in pairs((vim.lsp.get_client_by_id(client) or {}).attached_buffers or {}) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "air" then
      act(buffer)
    end
  end
  return vim.NIL
end

if not vim.lsp.inlay_hint then
  handlers["workspace/inlayHint/refresh"] = function(_, _, context)
    return in_scripts_of(context.client_id, function(buffer)
      require("air.results").show(buffer)
    end)
  end
end
if not vim.lsp.codelens.enable then
  handlers["workspace/codeLens/refresh"] = function(_, _, context)
    return in_scripts_of(context.client_id, M.draw_lenses)
  end
end

-- What this plugin adds, and what some versions of Neovim support without announcing it.
local function capabilities()
  local all = M.options.capabilities or vim.lsp.protocol.make_client_capabilities()
  return vim.tbl_deep_extend("keep", all, {
    workspace = {
      workspaceEdit = { documentChanges = true },
      inlayHint = { refreshSupport = true },
      codeLens = { refreshSupport = M.options.lenses },
    },
  })
end

local function config()
  return {
    name = "air",
    cmd = M.options.cmd,
    filetypes = { "air", "json", "jsonc" },
    settings = M.options.settings,
    on_attach = on_attach,
    capabilities = capabilities(),
    handlers = handlers,
  }
end

-- From 0.11 on Neovim starts servers itself, with the rest of the configuration from lsp/air.lua. Called before the
-- first buffer gets its file type: a server that is enabled during that event is not started for this buffer.
function M.enable()
  if vim.lsp.config and vim.lsp.enable and vim.fn.executable(M.options.cmd[1]) == 1 then
    vim.lsp.config("air", config())
    vim.lsp.enable("air")
    M.enabled = true
  end
end

-- Starts or reuses the server for a buffer.
function M.attach(buffer)
  if vim.fn.executable(M.options.cmd[1]) == 0 then
    vim.notify_once(
      string.format("air: %s is not on the PATH; see :help air-install", M.options.cmd[1]),
      vim.log.levels.WARN
    )
    return nil
  end
  if vim.lsp.config and vim.lsp.enable then
    if not M.enabled then
      -- The plugin was loaded late, for example by a plugin manager, while this buffer's file type is being set.
      M.enable()
      vim.schedule(function()
        if vim.api.nvim_buf_is_valid(buffer) and not M.client(buffer) then
          vim.api.nvim_exec_autocmds("FileType", { group = "nvim.lsp.enable", buffer = buffer })
        end
      end)
    end
    return nil
  end
  local started = config()
  started.root_dir = root_of(buffer)
  if vim.lsp.start then
    return vim.lsp.start(started, { bufnr = buffer })
  end
  return start_old(started, buffer)
end

-- The client attached to a buffer.
function M.client(buffer)
  local attached
  if vim.lsp.get_clients then
    attached = vim.lsp.get_clients({ bufnr = buffer, name = "air" })
  else
    attached = vim.tbl_filter(function(client)
      return client.name == "air"
    end, vim.lsp.buf_get_clients(buffer))
  end
  for _, client in pairs(attached) do
    return client
  end
end

-- Sends a request about a buffer; calls `answer(failure, result)`, where failure is a text or nil.
function M.request(buffer, method, params, answer)
  local client = M.client(buffer)
  if not client then
    return answer("no server is attached to this buffer; see :checkhealth air")
  end
  local function done(failure, result)
    answer(failure and (failure.message or vim.inspect(failure)), result, failure)
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, done, buffer)
  else
    client.request(method, params, done, buffer)
  end
end

-- One of the server's commands for a buffer's script.
function M.command(buffer, command, argument, answer)
  argument = vim.tbl_extend("keep", argument, { uri = vim.uri_from_bufnr(buffer) })
  M.request(buffer, "workspace/executeCommand", { command = command, arguments = { argument } }, answer)
end

function M.warn(message)
  vim.notify("air: " .. message, vim.log.levels.WARN)
end

return M
