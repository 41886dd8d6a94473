;;; air-eglot.el --- Capabilities that Eglot announces to AIR's server  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Eglot announces that it does not create files.  `air-generate-sample'
;; does, so this server is informed of it.

;;; Code:

(require 'eglot)
(require 'cl-lib)

(defclass air-eglot-server (eglot-lsp-server) ()
  :documentation "The server of `air-mode'.")

(cl-defmethod eglot-client-capabilities ((_server air-eglot-server))
  "Eglot's capabilities, and creating files, for `air-generate-sample'."
  (let* ((all (copy-tree (cl-call-next-method)))
         (edit (plist-get (plist-get all :workspace) :workspaceEdit)))
    (when edit
      ;; In place: both lists are copies.
      (nconc edit (list :resourceOperations ["create"])))
    all))

(provide 'air-eglot)
;;; air-eglot.el ends here
