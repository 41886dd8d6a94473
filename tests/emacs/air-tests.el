;;; air-tests.el --- A real Emacs drives the real server  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Run by tests/emacs/run, once for each client: AIR_CLIENT is `eglot' or
;; `lsp-mode', AIR_TEST_FOLDER a folder with the scripts of tests/scripts.

;;; Code:

(require 'ert)
(require 'cl-lib)
(require 'flymake)
(package-initialize)
(require 'air-mode)
(remove-hook 'flymake-diagnostic-functions #'flymake-proc-legacy-flymake)

(defconst air-tests-client (intern (or (getenv "AIR_CLIENT") "eglot")))
(defconst air-tests-folder (getenv "AIR_TEST_FOLDER"))

(require air-tests-client)
(defvar eglot-sync-connect)
(defvar eglot-connect-timeout)
(defvar lsp-auto-guess-root)
(defvar lsp-enable-suggest-server-download)
(defvar lsp-session-file)
(defvar lsp-diagnostics-provider)
(defvar lsp-warn-no-matched-clients)
(defvar lsp-restart)
(declare-function eglot "eglot")
(declare-function eglot--guess-contact "eglot")
(declare-function eglot-shutdown "eglot")
(declare-function lsp "lsp-mode")
(declare-function lsp-diagnostics "lsp-mode")
(declare-function lsp-workspace-folders-add "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")
(declare-function lsp-workspace-shutdown "lsp-mode")

(setq eglot-sync-connect 30
      eglot-connect-timeout 30
      lsp-auto-guess-root t
      lsp-enable-suggest-server-download nil
      lsp-session-file (expand-file-name "session" air-tests-folder)
      lsp-diagnostics-provider :flymake
      lsp-restart 'ignore)

;; Findings of an earlier, longer text may lie after the end of the current one. Then both clients fail inside the process's
;; filter, which Emacs only logs, but which ends a test.
(advice-add 'flymake-diag-region :around
            (lambda (region buffer line &optional column)
              (with-current-buffer buffer
                (save-excursion
                  (goto-char (point-min))
                  (if (and (zerop (forward-line (1- line))) (<= (or column 0) (- (point-max) (point))) (not (eobp)))
                      (funcall region buffer line column)
                    (cons (point-max) (point-max)))))))

(defun air-tests-eventually (holds)
  "Wait until HOLDS returns something, which is returned."
  ;; Eglot sends edits when Emacs is idle, which it never is without a screen.
  (when (and (bound-and-true-p eglot--managed-mode) (fboundp 'eglot--signal-textDocument/didChange))
    (funcall 'eglot--signal-textDocument/didChange))
  (let ((end (+ (float-time) 20)) result)
    (while (and (not (setq result (funcall holds))) (< (float-time) end))
      (accept-process-output nil 0.02))
    result))

(defun air-tests-open (name)
  "Visit script NAME with a server attached."
  (find-file (expand-file-name name air-tests-folder))
  (unless (condition-case nil (air--client) (user-error nil))
    (if (eq air-tests-client 'eglot)
        (let ((noninteractive nil))
          (apply #'eglot (eglot--guess-contact)))
      (lsp-workspace-folders-add air-tests-folder)
      (let ((noninteractive nil)) (lsp)))
    (should (air-tests-eventually (lambda () (condition-case nil (air--client) (user-error nil))))))
  (when (eq air-tests-client 'eglot) (flymake-mode 1))
  (current-buffer))

(defun air-tests-diagnostics ()
  "This buffer's diagnostics as (LINE . TEXT), sorted."
  (sort
   (if (eq air-tests-client 'eglot)
       (mapcar (lambda (found)
                 (cons (line-number-at-pos (flymake-diagnostic-beg found)) (flymake-diagnostic-text found)))
               (flymake-diagnostics))
     (mapcar (lambda (found)
               (cons (1+ (air--get found :range :start :line)) (air--get found :message)))
             (append (gethash buffer-file-name (lsp-diagnostics t)) nil)))
   (lambda (left right) (< (car left) (car right)))))

(defun air-tests-diagnostic (text)
  "Wait for a diagnostic with TEXT in it; its line."
  (air-tests-eventually
   (lambda () (car (cl-find-if (lambda (found) (string-match-p (regexp-quote text) (cdr found))) (air-tests-diagnostics))))))

(defun air-tests-values ()
  "Values that are drawn, by the package or by Eglot, as (LINE . TEXT), sorted."
  (sort (cl-loop for overlay in (overlays-in (point-min) (point-max))
                 for text = (or (overlay-get overlay 'before-string) (overlay-get overlay 'after-string))
                 when (and (or (overlay-get overlay 'air-result) (overlay-get overlay 'eglot--inlay-hint))
                           (string-match-p "\\`[=≈]" (string-trim text)))
                 collect (cons (line-number-at-pos (overlay-start overlay)) (substring-no-properties text)))
        (lambda (left right) (< (car left) (car right)))))

(defun air-tests-message (text action)
  "Do ACTION and wait until a message has TEXT in it."
  (let (messages)
    (cl-letf (((symbol-function 'message) (lambda (&rest arguments) (push (apply #'format-message arguments) messages) nil)))
      (funcall action)
      (air-tests-eventually (lambda () (cl-find-if (lambda (one) (string-match-p (regexp-quote text) one)) messages))))))

(defmacro air-tests-with (text &rest body)
  "BODY in a buffer of `air-mode' with TEXT; `|' is point."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (air-mode)
     (goto-char (point-min))
     (when (search-forward "|" nil t) (delete-char -1))
     ,@body))

;;; Without a server

(ert-deftest air-tests-which-files ()
  (dolist (text '("" "; a comment\n" "(seq (null) (null))" "; é\n\n  (call\n" "(\n null)"))
    (with-temp-buffer (insert text) (should (air--buffer-p))))
  (dolist (text '("trace_columns {\n" "(sequence 1)" "[Begin Action 0]\n" "; c\n(define x)"))
    (with-temp-buffer (insert text) (should-not (air--buffer-p)))))

(ert-deftest air-tests-colours ()
  (air-tests-with "(call \"p\" (\"s\" \"f\") [\"text\" $no true 1 %ttl% #c.$.name.[0]] $out) ; ok = 1\n(fold xs x (next x))"
    (font-lock-ensure)
    (cl-flet ((face (text)
                (goto-char (point-min))
                (search-forward text)
                (let ((face (get-text-property (+ (match-beginning 0) (if (string-prefix-p " " text) 1 0)) 'face)))
                  (if (consp face) (car face) face))))
      (should (eq (face "call") 'font-lock-keyword-face))
      (should (eq (face "\"p\"") 'air-peer))
      (should (eq (face "\"s\"") 'air-service))
      (should (eq (face "\"f\"") 'air-function))
      (should (eq (face "\"text\"") 'font-lock-string-face))
      (should (eq (face "true") 'font-lock-constant-face))
      (should (eq (face "%ttl%") 'font-lock-builtin-face))
      (should (eq (face "#c") 'air-canon))
      (should (eq (face "name") 'air-field))
      (should (eq (face "$out") 'air-stream))
      (should (eq (face "; ok") 'font-lock-comment-delimiter-face))
      (should (eq (face "ok = 1") 'air-sample))
      (should (eq (face " x ") 'font-lock-variable-name-face))
      (should (eq (face "next") 'font-lock-keyword-face)))))

(ert-deftest air-tests-backslash-ends-no-literal ()
  (air-tests-with "(ap \"\\\" x) ; |comment"
    (should (nth 4 (syntax-ppss)))))

(ert-deftest air-tests-indentation ()
  (air-tests-with "(seq\n(call p (\"s\" \"f\")\n[]\n)\n  (match x \"a\n  b\"\n(null)\n)\n)"
    (indent-region (point-min) (point-max))
    (should (equal (buffer-string)
                   "(seq\n (call p (\"s\" \"f\")\n  []\n )\n (match x \"a\n  b\"\n  (null)\n )\n)"))))

(ert-deftest air-tests-indentation-is-that-of-the-compiler ()
  "Real scripts keep their indentation."
  (let ((folder (expand-file-name "corpus/air" (or (getenv "AIR_SHARED") "../shared"))) (count 0) changed)
    (if (not (file-directory-p folder))
        (message "SKIPPED: no %s" folder)
      (dolist (file (directory-files (expand-file-name "aqua-compiled-registry" folder) t "\\.default\\.air\\'"))
        (when (< count 12)
          (with-temp-buffer
            (insert-file-contents file)
            (air-mode)
            (let ((before (buffer-string)))
              (cl-letf (((symbol-function 'message) #'ignore))
                (indent-region (point-min) (point-max)))
              (setq count (1+ count))
              (unless (equal before (buffer-string)) (push file changed))))))
      (should (= count 12))
      (should (equal changed nil)))))

(ert-deftest air-tests-newline-indents ()
  (air-tests-with "(seq\n (call p (\"s\" \"f\") [] x)|"
    (newline-and-indent)
    (should (= (current-column) 1))
    (insert ")")
    (air-indent-line)
    (should (= (current-indentation) 0))))

;;; With the server

(ert-deftest air-tests-1-diagnostics ()
  (air-tests-open "broken.air")
  (should (eq major-mode 'air-mode))
  (should (eql (air-tests-diagnostic "did you mean `seq`") 7))
  (should (eql (air-tests-diagnostic "`neighbors`") 5))
  (should (eql (air-tests-diagnostic "`)` is missing") 14))
  (goto-char (point-min))
  (search-forward "(sqe")
  (replace-match "(seq" t t)
  (should (air-tests-eventually
           (lambda ()
             (let ((all (air-tests-diagnostics)))
               (and all (not (cl-find-if (lambda (found) (string-match-p "did you mean `seq`" (cdr found))) all)))))))
  (set-buffer-modified-p nil))

(ert-deftest air-tests-2-format ()
  (air-tests-open "given.air")
  (let ((comments (buffer-substring (point-min) (progn (goto-char (point-min)) (line-beginning-position 3)))))
    (air-format-buffer)
    (should (air-tests-eventually (lambda () (string-match-p "^ (call relay (\"op\" \"noop\") \\[\\])" (buffer-string)))))
    (should (string-prefix-p comments (buffer-string)))
    (let ((once (buffer-string)))
      (air-format-buffer)
      (indent-region (point-min) (point-max))
      (should (equal once (buffer-string)))))
  (set-buffer-modified-p nil))

(ert-deftest air-tests-3-run ()
  (air-tests-open "greeting.air")
  (let ((text "(15 of 18 instructions ran)"))
    (should (air-tests-message text #'air-run)))
  (should (air-tests-eventually #'air-tests-values))
  (should (equal (car (air-tests-values)) '(5 . " = [\"@peer-a\", \"@peer-b\", \"@peer-c\"]")))
  (should (> (length (air-tests-values)) 3))
  (should (eql (air-tests-diagnostic "not executed: only after an error") 12))
  (goto-char (point-min))
  (search-forward "\"warn\"")
  (should (air-tests-message "not executed: #greetings.length" #'air-explain))
  (goto-char (point-min))
  (search-forward "\"neighbors\"")
  (should (air-tests-message "the instruction at point ran" #'air-explain))
  (air-diagram)
  (should (air-tests-eventually
           (lambda ()
             (let ((buffer (get-buffer "*AIR diagram: greeting.air*")))
               (and buffer (with-current-buffer buffer (string-match-p "sequenceDiagram" (buffer-string))))))))
  ;; An edit removes the values, at once here and soon at the server.
  (goto-char (point-min))
  (insert "; edited\n")
  (should-not (air-tests-values))
  (should (air-tests-eventually
           (lambda () (not (cl-find-if (lambda (found) (string-match-p "not executed" (cdr found))) (air-tests-diagnostics))))))
  (should (air-tests-message "this version of the script has not been run" #'air-explain))
  (delete-region (point-min) (line-beginning-position))
  (should (air-tests-message "instructions ran" #'air-run))
  (should (air-tests-eventually #'air-tests-values))
  (air-clear-results)
  (should-not (air-tests-values))
  (set-buffer-modified-p nil))

(ert-deftest air-tests-4-errors-of-runs ()
  (with-temp-file (expand-file-name "failing.air" air-tests-folder)
    (insert "(seq\n (ap 1 x)\n (fail 7 \"seven\"))\n"))
  (air-tests-open "failing.air")
  (air-run)
  (should (eql (air-tests-diagnostic "seven") 3)))

(ert-deftest air-tests-5-sample-data ()
  (with-temp-file (expand-file-name "bare.air" air-tests-folder)
    (insert "(seq\n (call \"é😀\" (\"s\" \"f\") [] x)\n (call x.$.peer (\"s\" \"g\") []))\n"))
  (air-tests-open "bare.air")
  (air-generate-sample t)
  (should (air-tests-eventually (lambda () (string-match-p "(\"s\" \"f\") \\[\\] x) ; ok = {\"peer\"" (buffer-string)))))
  (set-buffer-modified-p nil))

(ert-deftest air-tests-5-sample-file ()
  (with-temp-file (expand-file-name "filed.air" air-tests-folder)
    (insert "(call \"p\" (\"s\" \"f\") [] x)\n"))
  (let ((script (air-tests-open "filed.air"))
        (name "filed.sample.json"))
    (air-generate-sample)
    (should (air-tests-eventually (lambda () (get-buffer name))))
    (with-current-buffer name
      (should (string-match-p "\"services\"" (buffer-string)))
      (should (derived-mode-p 'air-sample-mode))
      (save-buffer)
      (air-tests-open name)
      (goto-char (point-min))
      (search-forward "{")
      (insert "\"servises\": 1,")
      ;; Before, there is one of the empty file.
      (should (air-tests-diagnostic "unknown member"))
      (set-buffer-modified-p nil)
      (kill-buffer))
    (should (air-tests-message "already exists" (lambda () (with-current-buffer script (air-generate-sample)))))
    (delete-file (expand-file-name name air-tests-folder))))

(ert-deftest air-tests-6-readable-view ()
  (let ((script (air-tests-open "greeting.air")) view)
    (air-beautify)
    (setq view (get-buffer "*AIR view: greeting.air*"))
    (should (air-tests-eventually
             (lambda ()
               (with-current-buffer view
                 (string-match-p "call neighbor (\"greeter\", \"hello\") \\[%init_peer_id%\\]" (buffer-string))))))
    (should (buffer-local-value 'buffer-read-only view))
    (with-current-buffer script
      (goto-char (point-min))
      (search-forward "\"greeter\"")
      (run-hooks 'post-command-hook))
    (with-current-buffer view
      (let ((window (get-buffer-window view t)))
        (when window (goto-char (window-point window))))
      (should (string-match-p "greeter" (buffer-substring (line-beginning-position) (line-end-position))))
      (goto-char (point-max))
      (forward-line -1)
      (run-hooks 'post-command-hook))
    (with-current-buffer script
      (let ((window (get-buffer-window script t)))
        (when window (goto-char (window-point window))))
      (should (= (line-number-at-pos) 29)))))

(ert-deftest air-tests-7-structural-editing ()
  (with-temp-file (expand-file-name "forms.air" air-tests-folder)
    (insert "(seq\n (call \"é\" (\"s\" \"f\") [one] two three)\n (null)\n)\n"))
  (air-tests-open "forms.air")
  (should air-structural-mode)
  (cl-flet ((type (keys) (let ((command (key-binding (kbd keys))))
                           (undo-boundary)
                           (call-interactively command)))
            (at (text) (goto-char (point-min)) (search-forward text) (goto-char (match-beginning 0)))
            (line () (buffer-substring (line-beginning-position) (line-end-position))))
    (at "one")
    (type "C-)")
    (should (equal (line) " (call \"é\" (\"s\" \"f\") [one two] three)"))
    (should (looking-at "one two"))
    (let ((current-prefix-arg 2)) (type "C-<left>"))
    (should (equal (line) " (call \"é\" (\"s\" \"f\") [] one two three)"))
    (at "one")
    (type "M-<down>")
    (should (equal (line) " (call \"é\" (\"s\" \"f\") [] two one three)"))
    (should (looking-at "one three"))
    (type "C-M-n")
    (should (eolp))
    (type "C-M-u")
    (should (eq (char-after) ?\())
    (at "three")
    (type "C-M-k")
    (should (equal (line) " (call \"é\" (\"s\" \"f\") [] two one)"))
    (should (string-match-p "three" (current-kill 0)))
    (at "(null")
    (type "M-r")
    (should (equal (buffer-string) "(null)\n"))
    (should (air-tests-message "nothing to do" (lambda () (type "M-r")))))
  (set-buffer-modified-p nil))

(ert-deftest air-tests-7-structural-keys-are-a-choice ()
  (let ((air-structural-keys nil))
    (air-tests-with "(null)"
      (should-not air-structural-mode)
      (should-not (eq (key-binding (kbd "M-r")) 'air-raise)))))

(ert-deftest air-tests-9-a-clean-end ()
  (air-tests-open "greeting.air")
  (if (eq air-tests-client 'eglot)
      (eglot-shutdown (eglot-current-server))
    (mapc #'lsp-workspace-shutdown (lsp-workspaces)))
  (should (air-tests-eventually
           (lambda () (not (cl-find-if (lambda (process) (string-match-p "air" (process-name process)))
                                       (cl-remove-if-not #'process-live-p (process-list))))))))

;;; air-tests.el ends here
