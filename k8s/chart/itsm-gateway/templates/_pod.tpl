{{- define "itsm-gateway.pod" -}}
{{- $gateway := .Values.gateway -}}
metadata:
  labels:
    {{- include "itsm-gateway.labels" (list . "gateway") | nindent 4 }}
    {{- with $gateway.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- if not $gateway.existingConfigMap }}
    itsm-gateway.io/restart-digest: {{ include "itsm-gateway.restartDigest" . }}
    {{- end }}
    kubectl.kubernetes.io/default-container: gateway
    {{- with $gateway.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "itsm-gateway.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $gateway.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "itsm-gateway.restrictedPod" . | nindent 4 }}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: gateway
      image: {{ include "itsm-gateway.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command: [itsm-gateway]
      args:
        - --log-level
        - {{ $gateway.logLevel }}
        - serve
        - --config
        - /etc/itsm-gateway/config/itsm_config.json
        - --policies
        - /etc/itsm-gateway/policies
      env:
        {{- include "itsm-gateway.environment" . | nindent 8 }}
      ports:
        {{- include "itsm-gateway.containerPorts" . | nindent 8 }}
      startupProbe:
        httpGet: {path: /readyz, port: ops}
        periodSeconds: 1
        timeoutSeconds: 3
        failureThreshold: 60
      readinessProbe:
        httpGet: {path: /readyz, port: ops}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: {path: /livez, port: ops}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      lifecycle:
        {{- include "itsm-gateway.preStop" . | nindent 8 }}
      resources:
        {{- toYaml $gateway.resources | nindent 8 }}
      securityContext:
        {{- include "itsm-gateway.restricted" . | nindent 8 }}
      volumeMounts:
        {{- include "itsm-gateway.volumeMounts" . | nindent 8 }}
  volumes:
    {{- include "itsm-gateway.volumes" . | nindent 4 }}
  {{- if $gateway.topologySpread }}
  {{- include "itsm-gateway.spread" (list . "gateway") | nindent 2 }}
  {{- end }}
  {{- include "itsm-gateway.placement" $gateway | nindent 2 }}
{{- end }}

{{- define "itsm-gateway.environment" -}}
{{- $gateway := .Values.gateway -}}
- name: ITSM_GATEWAY__LISTEN__PROXY
  value: 0.0.0.0:8080
- name: ITSM_GATEWAY__LISTEN__API
  value: {{ ternary "0.0.0.0:8090" "127.0.0.1:8090" (not (empty $gateway.access.tokens)) }}
- name: ITSM_GATEWAY__LISTEN__OPS
  value: 0.0.0.0:8091
{{- range $name, $port := $gateway.upstreamPorts }}
- name: ITSM_GATEWAY__UPSTREAMS__{{ $name | replace "-" "_" | upper }}__LISTEN
  value: 0.0.0.0:{{ $port }}
{{- end }}
- name: ITSM_GATEWAY__STORE__URL
{{- if eq $gateway.store.kind "postgresql" }}
  valueFrom:
    secretKeyRef:
      name: {{ $gateway.store.postgresql.existingSecret }}
      key: {{ $gateway.store.postgresql.key }}
{{- else }}
  value: sqlite+aiosqlite:////var/lib/itsm-gateway/records.db
{{- end }}
- name: TMPDIR
  value: /var/lib/itsm-gateway
{{- with $gateway.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "itsm-gateway.containerPorts" -}}
- {name: proxy, containerPort: 8080}
{{- if .Values.gateway.access.tokens }}
- {name: api, containerPort: 8090}
{{- end }}
- {name: ops, containerPort: 8091}
{{- range $name, $port := .Values.gateway.upstreamPorts }}
- {name: {{ printf "up-%v" $port }}, containerPort: {{ $port }}}
{{- end }}
{{- end }}

{{- define "itsm-gateway.volumeMounts" -}}
- {name: config, mountPath: /etc/itsm-gateway/config, readOnly: true}
{{- if include "itsm-gateway.policiesMap" . }}
- {name: policies, mountPath: /etc/itsm-gateway/policies, readOnly: true}
{{- end }}
{{- if .Values.gateway.existingSecret }}
- {name: secrets, mountPath: /etc/itsm-gateway/secrets, readOnly: true}
{{- end }}
- {name: data, mountPath: /var/lib/itsm-gateway}
{{- with .Values.gateway.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "itsm-gateway.volumes" -}}
{{- $store := .Values.gateway.store -}}
- name: config
  configMap: {name: {{ include "itsm-gateway.configMap" . }}}
{{- with include "itsm-gateway.policiesMap" . }}
- name: policies
  configMap: {name: {{ . }}}
{{- end }}
{{- with .Values.gateway.existingSecret }}
- name: secrets
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- if eq $store.kind "postgresql" }}
- name: data
  emptyDir: {sizeLimit: 256Mi}
{{- else if $store.sqlite.existingClaim }}
- name: data
  persistentVolumeClaim: {claimName: {{ $store.sqlite.existingClaim }}}
{{- end }}
{{- with .Values.gateway.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
