{{- define "itsm-gateway.tlsSecret" -}}
{{- if eq .Values.injector.tls.mode "existingSecret" -}}
{{ .Values.injector.tls.existingSecret }}
{{- else -}}
{{ include "itsm-gateway.injectorName" . }}-tls
{{- end }}
{{- end }}

{{- /* Called with (dict "root" $ "name" … "ca" …); the selectors follow the one who calls. */}}
{{- define "itsm-gateway.webhook" -}}
- name: {{ .name }}
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: {{ .root.Values.injector.failurePolicy }}
  matchPolicy: Equivalent
  reinvocationPolicy: Never
  timeoutSeconds: 5
  clientConfig:
    {{- with .ca }}
    caBundle: {{ . }}
    {{- end }}
    service:
      name: {{ include "itsm-gateway.injectorName" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: /mutate
      port: 443
  rules:
    - apiGroups: [""]
      apiVersions: [v1]
      operations: [CREATE]
      resources: [pods]
      scope: Namespaced
{{- end }}
