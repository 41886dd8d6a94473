;;; air-edit.el --- Structural editing of AIR, in the manner of paredit  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Lists and words are moved as wholes, so that brackets stay in pairs.  The
;; language server says what to edit and where point goes; its commands are
;; described in semantics/docs/structural-editing.md.
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

(defconst air-edit--patience 5
  "Seconds that a key waits for the server.")

(defun air-edit--ask (command)
  "Ask the server what COMMAND does at point, and wait for it."
  (let ((params (list :command command
                      :arguments (vector (list :uri (air--uri) :position (air--position))))))
    (if (eq (air--client) 'eglot)
        (progn
          ;; What Eglot still holds back, the server must have seen.
          (eglot--signal-textDocument/didChange)
          (jsonrpc-request (eglot-current-server) :workspace/executeCommand params
                           :timeout air-edit--patience))
      (lsp-request "workspace/executeCommand" params))))

(defun air-edit--run (name count &optional kill)
  "Do the server's command NAME, COUNT times; return whether any did something.
With KILL, what is taken out goes to the kill ring."
  (let (done any)
    (while (and (> count 0)
                (setq done (air-edit--ask (concat "air." name))))
      (setq count (1- count) any t)
      (let ((edits (air--edits done)))
        (when (and kill edits)
          (air-edit--keep edits))
        (air--apply-edits edits))
      (goto-char (air--point (air--get done :position))))
    (unless any (message "air: nothing to do here"))
    any))

(defun air-edit--keep (edits)
  "Put what EDITS take out into the kill ring, unless they put something in."
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
  "Let go of the last form of the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "barfForward" count))

(defun air-barf-backward (count)
  "Let go of the first form of the list around point; COUNT times."
  (interactive "p")
  (air-edit--run "barfBackward" count))

(defun air-raise (count)
  "Put the form at point in the place of the list around it; COUNT times."
  (interactive "p")
  (air-edit--run "raise" count))

(defun air-splice (count)
  "Put what is in the list around point in its place; COUNT times."
  (interactive "p")
  (air-edit--run "splice" count))

(defun air-drag-forward (count)
  "Let the form at point change places with the next one; COUNT times."
  (interactive "p")
  (air-edit--run "dragForward" count))

(defun air-drag-backward (count)
  "Let the form at point change places with the one before; COUNT times."
  (interactive "p")
  (air-edit--run "dragBackward" count))

(defun air-kill-form (count)
  "Kill the form at point, with the comment behind it; COUNT times."
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
  "Keys of `air-structural-mode', those of paredit where it has them.")

;;;###autoload
(define-minor-mode air-structural-mode
  "Keys that move whole lists and words of AIR.

\\{air-structural-mode-map}"
  :group 'air)

(provide 'air-edit)
;;; air-edit.el ends here
