;;; air-eglot.el --- What AIR's server may expect of Eglot  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Eglot tells servers that it creates no files.  `air-generate-sample'
;; does, so the server is told otherwise.

;;; Code:

(require 'eglot)
(require 'cl-lib)

(defclass air-eglot-server (eglot-lsp-server) ()
  :documentation "The server of `air-mode'.")

(cl-defmethod eglot-client-capabilities ((_server air-eglot-server))
  "What Eglot can do, and files that `air-generate-sample' writes."
  (let* ((all (copy-tree (cl-call-next-method)))
         (edit (plist-get (plist-get all :workspace) :workspaceEdit)))
    (when edit
      ;; In place: both lists are copies.
      (nconc edit (list :resourceOperations ["create"])))
    all))

(provide 'air-eglot)
;;; air-eglot.el ends here
