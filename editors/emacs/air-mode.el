;;; air-mode.el --- Major mode for AIR, the language of AquaVM  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages
;; URL: https://github.com/fluencelabs/air-tooling
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Colours, indentation and, through the language server `air-lsp',
;; everything else: diagnostics, formatting, names, help, and runs of scripts
;; on simulated peers with their values beside the source.
;;
;; Works with Eglot (built into Emacs 29, a package before) and with
;; lsp-mode; choose which of them starts:
;;
;;     (add-hook 'air-mode-hook #'eglot-ensure)    ; or
;;     (add-hook 'air-mode-hook #'lsp-deferred)
;;
;; `air-run.el' has the commands for runs (C-c C-c runs the script),
;; `air-edit.el' the keys that move whole lists.

;;; Code:

(defgroup air nil
  "Scripts for AquaVM."
  :group 'languages
  :prefix "air-")

(defcustom air-server-command '("air-lsp")
  "Command that starts the language server, and its arguments."
  :type '(repeat string)
  :group 'air)

(defcustom air-indent-offset 1
  "Columns per level; the Aqua compiler and `air fmt' use one."
  :type 'integer
  :safe #'integerp
  :group 'air)

(defcustom air-structural-keys t
  "Whether `air-mode' turns on `air-structural-mode'."
  :type 'boolean
  :group 'air)

(declare-function air-structural-mode "air-edit")

;;; Colours

(defface air-stream '((t :inherit font-lock-variable-name-face))
  "Streams and stream maps: $name, %name."
  :group 'air)

(defface air-canon '((t :inherit font-lock-type-face))
  "Canonicalised streams and maps: #name, #%name."
  :group 'air)

(defface air-peer '((t :inherit font-lock-type-face))
  "Literal peers."
  :group 'air)

(defface air-service '((t :inherit font-lock-constant-face))
  "Literal services."
  :group 'air)

(defface air-function '((t :inherit font-lock-function-name-face))
  "Literal functions."
  :group 'air)

(defface air-field '((t :inherit font-lock-builtin-face :slant italic))
  "Fields and indices in lenses."
  :group 'air)

(defface air-sample '((t :inherit font-lock-doc-face))
  "Directives and sample data in comments."
  :group 'air)

(defconst air--instructions
  '("ap" "call" "canon" "fail" "fold" "match" "mismatch" "never" "new" "next" "null" "par" "seq" "xor")
  "All instructions.")

(defconst air--name "[[:alnum:]_-]+"
  "A name without its tag.")

(defconst air--operand "\\(?:\"[^\"\n]*\"\\|[^][() \t\n\";]+\\(?:\\[[^][() \t\n]*\\][^][() \t\n]*\\)*\\)"
  "A literal or a word, which may have a lens.")

(defconst air--call-rx
  (concat "(\\s-*call\\s-+\\(" air--operand "\\)\\s-+(\\s-*\\(" air--operand "\\)\\s-+\\(" air--operand "\\)\\s-*)")
  "The head of a call: peer, service, function.")

(defun air--literal-face (group face)
  "FACE if GROUP of the last match is a literal, else nil."
  (and (eq (char-after (match-beginning group)) ?\") face))

(defconst air-font-lock-keywords
  `((,(concat "(\\s-*" (regexp-opt air--instructions t) "\\_>") 1 font-lock-keyword-face)
    (,air--call-rx
     (1 (air--literal-face 1 'air-peer) t)
     (2 (air--literal-face 2 'air-service) t)
     (3 (air--literal-face 3 'air-function) t))
    ("(\\s-*canon\\s-+\\(\"[^\"\n]*\"\\)" 1 'air-peer t)
    ("\\(?:%init_peer_id%\\|%timestamp%\\|%ttl%\\|%last_error%\\|:error:\\)" . font-lock-builtin-face)
    ("\\_<\\(?:true\\|false\\)\\_>" . font-lock-constant-face)
    (,(concat "(\\s-*fold\\s-+" air--operand "\\s-+\\(" air--name "\\)") 1 font-lock-variable-name-face)
    (,(concat "#[$%]?" air--name) . 'air-canon)
    (,(concat "\\_<[$%]" air--name) . 'air-stream)
    (,(concat "\\.\\(" air--name "\\)") 1 'air-field)
    ("\\.?\\[\\([0-9]+\\)\\]" 1 'air-field)
    ("\\_<[-+]?[0-9]+\\(?:\\.[0-9]*\\)?\\_>" . font-lock-constant-face)
    (";+[ \t]*\\(air:.*\\)" 1 'air-sample t)
    (";+[ \t]*\\(\\(?:ok\\|err\\|seq_ok\\|seq_error\\|map\\|\\(?:dbg_\\)?behaviour\\)[ \t]*=.*\\)" 1 'air-sample t))
  "Colours of `air-mode'.")

(defvar air-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?\; "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    ;; There are no escapes: "\" is a whole literal.
    (modify-syntax-entry ?\\ "." table)
    (modify-syntax-entry ?{ "." table)
    (modify-syntax-entry ?} "." table)
    (dolist (letter (string-to-list "$#%_-+:!@"))
      (modify-syntax-entry letter "_" table))
    (dolist (letter (string-to-list ".'`,*?"))
      (modify-syntax-entry letter "." table))
    table)
  "Syntax of AIR.")

;;; Indentation

(defun air--indentation ()
  "Column where this line belongs, or nil to leave it where it is."
  (save-excursion
    (back-to-indentation)
    (let* ((state (syntax-ppss))
           (opening (nth 1 state))
           (closes (memq (char-after) '(?\) ?\]))))
      (cond
       ((nth 3 state) nil)
       ((null opening) 0)
       (t
        (goto-char opening)
        (+ (current-indentation) (if closes 0 air-indent-offset)))))))

(defun air-indent-line ()
  "Indent this line as `air fmt' does; lines inside literals stay as they are."
  (interactive)
  (let ((column (air--indentation)))
    (when column
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;; The mode

(defvar air-mode-map (make-sparse-keymap)
  "Keys of `air-mode'.")

(defvar air-imenu-generic-expression
  `(("Calls" ,air--call-rx 3)
    ("Streams" ,(concat "(\\s-*new\\s-+\\([$%]" air--name "\\)") 1))
  "What `imenu' lists when no server is attached.")

;;;###autoload
(define-derived-mode air-mode prog-mode "AIR"
  "Major mode for AIR scripts.

\\{air-mode-map}"
  (setq-local comment-start "; ")
  (setq-local comment-start-skip ";+[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-line-function #'air-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 1)
  (setq-local imenu-generic-expression air-imenu-generic-expression)
  (setq-local font-lock-defaults '(air-font-lock-keywords))
  (when air-structural-keys (air-structural-mode))
  (when buffer-file-name
    (setq-local compile-command
                (concat "air check --output-format concise " (shell-quote-argument (file-name-nondirectory buffer-file-name))))))

(defun air--buffer-p ()
  "Whether this buffer is empty or begins, comments aside, with an instruction."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (let ((case-fold-search nil))
        (while (looking-at "[ \t\r]*\\(?:;.*\\)?\n")
          (forward-line))
        (looking-at (concat "\\s-*\\(?:;.*\\)?\\'\\|\\s-*(\\(?:\\s-*\\'\\|\\s-*" (regexp-opt air--instructions) "\\_>\\)"))))))

;;;###autoload
(defun air-mode-if-air ()
  "Turn on `air-mode' for AIR scripts; other languages use files *.air too."
  (if (air--buffer-p)
      (air-mode)
    (fundamental-mode)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.air\\'" . air-mode-if-air))

;;; Sample data

(defalias 'air-json-mode (if (fboundp 'js-json-mode) #'js-json-mode #'js-mode))

;;;###autoload
(define-derived-mode air-sample-mode air-json-mode "AIR sample"
  "Major mode for sample data of AIR scripts: JSON that AIR's server checks.")

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.sample\\.json\\'" . air-sample-mode))

;;; Servers

(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp--workspace-buffers "lsp-mode")
(declare-function air--refresh-everywhere "air-run")

(with-eval-after-load 'eglot
  (require 'air-eglot)
  (add-to-list 'eglot-server-programs
               (cons '(air-mode air-sample-mode) (lambda (&rest _) (cons 'air-eglot-server air-server-command)))))

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(air-mode . "air"))
  (add-to-list 'lsp-language-id-configuration '(air-sample-mode . "json"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () air-server-command))
                    :major-modes '(air-mode air-sample-mode)
                    ;; Not in the protocol's place: there `lsp-mode' says itself that it cannot.
                    :custom-capabilities '((experimental . ((air . ((inlayHintRefresh . t))))))
                    :request-handlers
                    (let ((handlers (make-hash-table :test #'equal)))
                      (puthash "workspace/inlayHint/refresh"
                               (lambda (workspace _)
                                 (air--refresh-everywhere (lsp--workspace-buffers workspace))
                                 nil)
                               handlers)
                      handlers)
                    :server-id 'air-lsp)))

(provide 'air-mode)
(require 'air-run)
(require 'air-edit)
;;; air-mode.el ends here
