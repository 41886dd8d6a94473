;;; air-eglot.el --- Capabilities that Eglot announces to AIR's server  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Eglot announces that it does not create files.  `air-generate-sample'
;; does, so this server is informed of it.  Nor can Eglot be asked to
;; request inlay hints again, which is how the values of a run arrive:
;; here it can.

;;; Code:

(require 'eglot)
(require 'cl-lib)

(declare-function air--refresh-everywhere "air-run")

(defclass air-eglot-server (eglot-lsp-server) ()
  :documentation "The server of `air-mode'.")

(cl-defmethod eglot-client-capabilities ((_server air-eglot-server))
  "Eglot's capabilities, creating files, and hints on demand."
  (let* ((all (copy-tree (cl-call-next-method)))
         (workspace (plist-get all :workspace))
         (edit (plist-get workspace :workspaceEdit)))
    ;; In place: all lists are copies.
    (when edit
      (nconc edit (list :resourceOperations ["create"])))
    (when workspace
      (nconc workspace (list :inlayHint (list :refreshSupport t))))
    all))

(cl-defmethod eglot-handle-request ((server air-eglot-server) (_method (eql workspace/inlayHint/refresh)) &rest _)
  "A run in one of SERVER's buffers has ended, or its values were removed."
  (air--refresh-everywhere (eglot--managed-buffers server))
  nil)

(provide 'air-eglot)
;;; air-eglot.el ends here
