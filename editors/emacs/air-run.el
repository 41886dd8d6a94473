;;; air-run.el --- Running AIR scripts, their values and views  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Commands of `air-mode' for requests that the protocol does not define:
;; runs with sample data, why something did not run, sample data to start
;; from, AquaVM's readable form of a script.

;;; Code:

(require 'air-mode)
(require 'seq)
(require 'subr-x)

(declare-function eglot-current-server "eglot")
(declare-function eglot-format-buffer "eglot")
(declare-function eglot-inlay-hints-mode "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function eglot--update-hints-1 "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function eglot--lsp-position-to-point "eglot")
(declare-function eglot--pos-to-lsp-position "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp-format-buffer "lsp-mode")
(declare-function lsp-inlay-hints-mode "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp--buffer-uri "lsp-mode")
(declare-function lsp--cur-position "lsp-mode")
(declare-function lsp--position-to-point "lsp-mode")

(defface air-result '((t :inherit shadow :slant italic))
  "Values of a run."
  :group 'air)

;;; The client, whichever it is

(defun air--client ()
  "Return `eglot' or `lsp-mode'; signal an error if neither is attached."
  (cond
   ((and (fboundp 'eglot-current-server) (eglot-current-server)) 'eglot)
   ((bound-and-true-p lsp-managed-mode) 'lsp-mode)
   (t (user-error "No server is attached to this buffer; start one with M-x eglot or M-x lsp"))))

(defun air--uri ()
  "This buffer's URI, as the client writes it."
  (if (eq (air--client) 'eglot)
      (plist-get (eglot--TextDocumentIdentifier) :uri)
    (lsp--buffer-uri)))

(defun air--get (object &rest keys)
  "The value in OBJECT under KEYS, nested, whichever way the client has JSON."
  (dolist (key keys object)
    (setq object
          (cond
           ((hash-table-p object) (gethash (substring (symbol-name key) 1) object))
           ((and (vectorp object) (integerp key)) (and (< key (length object)) (aref object key)))
           ((listp object) (plist-get object key))))))

(defun air--request (method params answer)
  "Send the request METHOD with PARAMS, a property list.
ANSWER is called with the result in this buffer, if it is still live."
  (let* ((buffer (current-buffer))
         (success (lambda (result)
                    (when (buffer-live-p buffer)
                      (with-current-buffer buffer (funcall answer result)))))
         (failure (lambda (problem)
                    ;; An edit or a newer run ended this run: no message needed.
                    (unless (memq (air--get problem :code) '(-32800 -32801))
                      (message "air: %s" (air--get problem :message))))))
    (if (eq (air--client) 'eglot)
        (progn
          ;; Deferring is not enough since Emacs 30, where Eglot learns of an edit when it looks: the edit would come
          ;; after the request and end the run.
          (eglot--signal-textDocument/didChange)
          (jsonrpc-async-request (eglot-current-server) (intern (concat ":" method)) params
                                 :success-fn success :error-fn failure :timeout 60
                                 :deferred (intern (concat ":air-" (or (plist-get params :command) method)))))
      ;; Merging would turn an empty array into nil.
      (lsp-request-async method params (lambda (results) (funcall success (cdar results)))
                         :error-handler failure :mode 'detached :no-merge t))))

(defun air--command (command argument answer)
  "Execute the server's COMMAND with ARGUMENT and this script; call ANSWER."
  (air--request "workspace/executeCommand"
                (list :command command
                      :arguments (vector (append (list :uri (air--uri)) argument)))
                answer))

(defun air--point (position)
  "The buffer position of the protocol's POSITION."
  (save-restriction
    (widen)
    (if (eq (air--client) 'eglot)
        (eglot--lsp-position-to-point position)
      (lsp--position-to-point position))))

(defun air--position ()
  "The protocol's position of point."
  (if (eq (air--client) 'eglot)
      (eglot--pos-to-lsp-position)
    (lsp--cur-position)))

;;; Runs

(defvar-local air-report nil
  "The report of this buffer's last run, in the client's form of JSON.")

(defun air-clear-overlays (&rest _)
  "Remove the values of the last run."
  (remove-overlays (point-min) (point-max) 'air-result t)
  ;; Eglot draws the hints that are no values again when the buffer is shown.
  (when (bound-and-true-p eglot-inlay-hints-mode)
    (remove-overlays (point-min) (point-max) 'eglot--inlay-hint t))
  (remove-hook 'after-change-functions #'air-clear-overlays t))

(defun air--show-values (hints)
  "Draw those of HINTS that are values of a run."
  (air-clear-overlays)
  (seq-doseq (hint hints)
    (let* ((whole (air--get hint :label))
           ;; A text, or parts of which each has one.
           (label (if (or (stringp whole) (seq-empty-p whole)) whole (air--get (seq-elt whole 0) :value))))
      (when (and (stringp label) (string-match-p "\\`[=≈]" label))
        (let* ((at (air--point (air--get hint :position)))
               (overlay (make-overlay at at nil t nil)))
          (overlay-put overlay 'air-result t)
          (overlay-put overlay 'before-string
                       (propertize (concat " " label) 'face 'air-result 'cursor t))))))
  (add-hook 'after-change-functions #'air-clear-overlays nil t))

(defun air--refresh-values ()
  "Show the values of the last run."
  (cond
   ((and (bound-and-true-p eglot-inlay-hints-mode) (fboundp 'eglot--update-hints-1))
    ;; Turning the mode off and on is not enough: it draws in regions that Emacs is about to show for the first time,
    ;; and none that it has drawn last.
    (save-restriction
      (widen)
      (eglot--update-hints-1 (point-min) (point-max)))
    (add-hook 'after-change-functions #'air-clear-overlays nil t))
   ((bound-and-true-p lsp-inlay-hints-mode)
    (lsp-inlay-hints-mode -1)
    (lsp-inlay-hints-mode 1))
   (t
    (air--request "textDocument/inlayHint"
                  (list :textDocument (list :uri (air--uri))
                        :range (list :start '(:line 0 :character 0)
                                     :end (list :line (line-number-at-pos (point-max) t) :character 0)))
                  #'air--show-values))))

(defun air--refresh-everywhere (buffers)
  "Show values in those of BUFFERS that are scripts."
  (dolist (buffer buffers)
    (when (buffer-live-p buffer)
      (with-current-buffer buffer
        (when (derived-mode-p 'air-mode)
          (air--refresh-values))))))

(defun air--say-report (report)
  "Summarise REPORT in one line."
  (message "air: %s (%s of %s instructions ran)"
           (air--get report :outcome :text)
           (air--get report :coverage :executed)
           (air--get report :coverage :instructions)))

;;;###autoload
(defun air-run (&optional without-sample)
  "Run this script on simulated peers and show its values beside their names.
NAME.sample.json beside the script is used if it exists, unless
WITHOUT-SAMPLE, the prefix argument, is set.  Errors and waits are
diagnostics; the next edit removes all of it."
  (interactive "P")
  (message "air: running…")
  (air--command "air.run" (and without-sample (list :sample :json-false))
                (lambda (report)
                  (setq air-report report)
                  (air--refresh-values)
                  (air--say-report report))))

(defun air-stop ()
  "End the run of this script."
  (interactive)
  (air--command "air.stop" nil #'ignore))

(defun air-clear-results ()
  "Remove the results of the last run."
  (interactive)
  (setq air-report nil)
  (air-clear-overlays)
  (air--command "air.clearResults" nil #'ignore))

(defun air-explain ()
  "Show why the instruction at point did not run."
  (interactive)
  (air--command "air.explainNotExecuted" (list :position (air--position))
                (lambda (parts)
                  (message "air: %s"
                           (cond
                            ((null parts) "this version of the script has not been run; run it with M-x air-run")
                            ((seq-empty-p parts) "the instruction at point ran")
                            (t (concat "not executed: " (air--get (elt parts 0) :text))))))))

(defun air-diagram ()
  "Show the last run as a sequence diagram, in Mermaid's format."
  (interactive)
  (let ((name (buffer-name)))
    (air--command "air.showDiagram" nil
                  (lambda (diagram)
                    (if (null diagram)
                        (message "air: this version of the script has not been run; run it with M-x air-run")
                      (with-current-buffer (get-buffer-create (format "*AIR diagram: %s*" name))
                        (let ((inhibit-read-only t))
                          (erase-buffer)
                          (insert (air--get diagram :mermaid))
                          (goto-char (point-min)))
                        (special-mode)
                        (display-buffer (current-buffer))))))))

;;; Sample data

(defun air--apply-edits (edits)
  "Apply the protocol's EDITS to this buffer, the last one first."
  (let ((places (mapcar (lambda (edit)
                          (list (copy-marker (air--point (air--get edit :range :start)))
                                (copy-marker (air--point (air--get edit :range :end)))
                                (air--get edit :newText)))
                        edits)))
    (atomic-change-group
      (pcase-dolist (`(,start ,end ,text) (nreverse places))
        (delete-region start end)
        (goto-char start)
        (insert text)))))

(defun air--creates-p (action)
  "Whether ACTION is for a new file."
  (seq-some (lambda (change) (equal (air--get change :kind) "create"))
            (air--get action :edit :documentChanges)))

(defun air--new-file (action)
  "Visit the new file of ACTION with its text, or the file if it exists."
  (let* ((file (expand-file-name (concat (file-name-base buffer-file-name) ".sample.json")))
         (there (file-exists-p file))
         (text (seq-some (lambda (change) (air--get change :edits 0 :newText))
                         (air--get action :edit :documentChanges))))
    (find-file-other-window file)
    (if there
        (message "air: %s already exists; delete it to generate it again"
                 (file-name-nondirectory file))
      (insert text)
      (goto-char (point-min)))))

(defun air--edits (action)
  "All edits of this buffer in ACTION, in either form of a workspace edit."
  (let ((changes (air--get action :edit :documentChanges)))
    (if changes
        (seq-mapcat (lambda (change) (append (air--get change :edits) nil)) changes)
      (let ((all (air--get action :edit :changes)))
        (append (if (hash-table-p all) (gethash (air--uri) all) (cadr all)) nil)))))

(defun air-generate-sample (&optional in-comments)
  "Generate sample data that fits this script, in a file beside it.
With IN-COMMENTS, the prefix argument, as comments after the calls."
  (interactive "P")
  (air--request
   "textDocument/codeAction"
   (list :textDocument (list :uri (air--uri))
         :range (list :start '(:line 0 :character 0)
                      :end (list :line (line-number-at-pos (point-max) t) :character 0))
         :context (list :diagnostics [] :only ["source.generateSample.air"]))
   (lambda (actions)
     (let ((file (seq-find #'air--creates-p actions))
           (comments (seq-find (lambda (action) (not (air--creates-p action))) actions)))
       (cond
        ((and file (not in-comments)) (air--new-file file))
        (comments (save-excursion (air--apply-edits (air--edits comments))))
        (t (message "air: nothing to generate: the script has errors, or no call that needs an answer")))))))

;;; Formatting

(defun air-format-buffer ()
  "Format this script as the Aqua compiler does."
  (interactive)
  (if (eq (air--client) 'eglot) (eglot-format-buffer) (lsp-format-buffer)))

;;; The readable view

(defvar-local air--view nil
  "In a script: the buffer of its view.  In a view: the buffer of its script.")

(defvar-local air--view-lines nil
  "In a view: a list of (LINE FIRST LAST), lines of it and of the script.")

(defun air--fill-view (view result)
  "Write RESULT into VIEW."
  (with-current-buffer view
    (let ((inhibit-read-only t) (line (line-number-at-pos)))
      (erase-buffer)
      (insert (air--get result :text))
      (setq air--view-lines (mapcar (lambda (entry) (append entry nil)) (air--get result :lines)))
      (goto-char (point-min))
      (forward-line (1- line)))))

(defun air--move-window (buffer line)
  "Move point of BUFFER and its windows to the start of LINE, counted from 0."
  (when (buffer-live-p buffer)
    (dolist (window (or (get-buffer-window-list buffer nil t) '(nil)))
      (with-current-buffer buffer
        (let ((at (save-excursion (goto-char (point-min)) (forward-line line) (point))))
          (if window (set-window-point window at) (goto-char at)))))))

(defun air--follow ()
  "Move the other window, of the script or of its view, to the same place."
  (when (buffer-live-p air--view)
    (let ((line (1- (line-number-at-pos nil t))) best)
      (if air--view-lines
          (progn
            (dolist (entry air--view-lines)
              (when (<= (car entry) line) (setq best (nth 1 entry))))
            (air--move-window air--view (or best 0)))
        (let ((nearest -1))
          (dolist (entry (buffer-local-value 'air--view-lines air--view))
            (when (and (<= (nth 1 entry) line) (> (nth 1 entry) nearest))
              (setq nearest (nth 1 entry) best (car entry)))))
        (air--move-window air--view (or best 0))))))

(defun air--refresh-view ()
  "Update the view of this script."
  (when (buffer-live-p air--view)
    (let ((view air--view))
      (air--request "air/view" (list :textDocument (list :uri (air--uri)))
                    (lambda (result) (when (and result (buffer-live-p view)) (air--fill-view view result)))))))

(defun air-beautify ()
  "Show this script in AquaVM's readable form; the windows follow each other."
  (interactive)
  (let ((script (current-buffer))
        (view (get-buffer-create (format "*AIR view: %s*" (buffer-name)))))
    (with-current-buffer view
      (special-mode)
      (setq air--view script
            truncate-lines t)
      (add-hook 'post-command-hook #'air--follow nil t))
    (setq air--view view)
    (add-hook 'post-command-hook #'air--follow nil t)
    (add-hook 'after-save-hook #'air--refresh-view nil t)
    (air--refresh-view)
    (display-buffer view '((display-buffer-in-direction) (direction . right)))))

;;; Keys

(let ((map air-mode-map))
  (define-key map (kbd "C-c C-c") #'air-run)
  (define-key map (kbd "C-c C-k") #'air-clear-results)
  (define-key map (kbd "C-c C-e") #'air-explain)
  (define-key map (kbd "C-c C-s") #'air-generate-sample)
  (define-key map (kbd "C-c C-v") #'air-beautify)
  (define-key map (kbd "C-c C-d") #'air-diagram)
  (define-key map (kbd "C-c C-f") #'air-format-buffer))

(provide 'air-run)
;;; air-run.el ends here
