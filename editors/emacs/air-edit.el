;;; air-edit.el --- Structural editing of AIR, like paredit  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; These commands move whole lists and words, so that brackets stay in pairs.
;; The language server answers with the edit and the place for point; its
;; commands are described in lsp-server/ide/docs/structural-editing.md.
;;
;; The keys are those of `air-structural-mode', which `air-mode' switches on
;; unless `air-structural-keys' is nil.

;;; Code:

(require 'air-mode)
(require 'air-run)

(declare-function eglot-current-server "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function lsp-request "lsp-mode")

(defconst air-edit--timeout-seconds 5
  "How many seconds a key waits for the server.")

(defun air-edit--ask (command)
  "Ask the server what COMMAND does at point, and wait for the answer."
  (let ((params (list :command command
                      :arguments (vector (list :uri (air--uri) :position (air--position))))))
    (if (eq (air--client) 'eglot)
        (progn
          ;; The server must have the edits that Eglot has not sent yet.
          (eglot--signal-textDocument/didChange)
          (jsonrpc-request (eglot-current-server) :workspace/executeCommand params
                           :timeout air-edit--timeout-seconds))
      (lsp-request "workspace/executeCommand" params))))

(defun air-edit--run (name count &optional kill)
  "Run the server's command NAME, COUNT times; return whether it did anything.
With KILL, put deleted text into the kill ring."
  (let (done any)
    (while (and (> count 0)
                (setq done (air-edit--ask (concat "air." name))))
      (setq count (1- count) any t)
      (let ((edits (air--edits done)))
        (when (and kill edits)
          (air-edit--keep edits))
        (air--apply-edits edits))
      (goto-char (air--point (air--get done :position))))
    (unless any (message "air: nothing to do at point"))
    any))

(defun air-edit--keep (edits)
  "Put the text that EDITS delete into the kill ring, unless they insert text."
  (when (seq-every-p (lambda (edit) (equal (air--get edit :newText) "")) edits)
    (kill-new (mapconcat (lambda (edit)
                           (buffer-substring-no-properties
                            (air--point (air--get edit :range :start))
                            (air--point (air--get edit :range :end))))
                         edits ""))))

;;;###autoload
(defun air-slurp-forward (count)
  "Take in the form after the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "slurpForward" count))

(defun air-slurp-backward (count)
  "Take in the form before the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "slurpBackward" count))

(defun air-barf-forward (count)
  "Release the last form of the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "barfForward" count))

(defun air-barf-backward (count)
  "Release the first form of the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "barfBackward" count))

(defun air-raise (count)
  "Replace the list around point by the form at point; COUNT times."
  (interactive "p")
  (air-edit--run "raise" count))

(defun air-splice (count)
  "Replace the list around point by its contents; COUNT times."
  (interactive "p")
  (air-edit--run "splice" count))

(defun air-drag-forward (count)
  "Swap the form at point with the next one; COUNT times."
  (interactive "p")
  (air-edit--run "dragForward" count))

(defun air-drag-backward (count)
  "Swap the form at point with the one before it; COUNT times."
  (interactive "p")
  (air-edit--run "dragBackward" count))

(defun air-kill-form (count)
  "Kill the form at point, with the comment after it; COUNT times."
  (interactive "p")
  (air-edit--run "kill" count t))

(defun air-closing-bracket (count)
  "Go past the closing bracket of the list around point; COUNT levels."
  (interactive "^p")
  (air-edit--run "jumpToClosingBracket" count))

(defun air-opening-bracket (count)
  "Go to the opening bracket of the list around point; COUNT levels."
  (interactive "^p")
  (air-edit--run "jumpToOpeningBracket" count))

(defvar air-structural-mode-map
  (let ((map (make-sparse-keymap)))
    (pcase-dolist (`(,command . ,keys)
                   '((air-slurp-forward "C-)" "C-<right>")
                     (air-barf-forward "C-}" "C-<left>")
                     (air-slurp-backward "C-(" "C-M-<left>")
                     (air-barf-backward "C-{" "C-M-<right>")
                     (air-raise "M-r")
                     (air-splice "M-s")
                     (air-drag-forward "M-<down>")
                     (air-drag-backward "M-<up>")
                     (air-kill-form "C-M-k")
                     (air-closing-bracket "C-M-n")
                     (air-opening-bracket "C-M-u")))
      (dolist (key keys)
        (define-key map (kbd key) command)))
    map)
  "Keys of `air-structural-mode': those of paredit where paredit has a key.")

;;;###autoload
(define-minor-mode air-structural-mode
  "Keys that move whole lists and words of AIR.

\\{air-structural-mode-map}"
  :group 'air)

(provide 'air-edit)
;;; air-edit.el ends here
