{{- define "itsm-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 48 | trimSuffix "-" }}
{{- end }}

{{- define "itsm-gateway.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" }}
{{- else if contains (include "itsm-gateway.name" .) .Release.Name }}
{{- .Release.Name | trunc 48 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "itsm-gateway.name" .) | trunc 48 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "itsm-gateway.injectorName" -}}
{{ include "itsm-gateway.fullname" . }}-injector
{{- end }}

{{- define "itsm-gateway.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* Called with (list $ "gateway") or (list $ "injector"). */}}
{{- define "itsm-gateway.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "itsm-gateway.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "itsm-gateway.labels" -}}
{{ include "itsm-gateway.selector" . }}
{{ include "itsm-gateway.commonLabels" (index . 0) }}
{{- end }}

{{- define "itsm-gateway.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "itsm-gateway.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "itsm-gateway.fullname" .) }}
{{- end }}

{{- define "itsm-gateway.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "itsm-gateway.restrictedPod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* Nobody dials the pod any more when this has passed; the image holds no shell's sleep to call before 1.30. */}}
{{- define "itsm-gateway.preStop" -}}
preStop:
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version }}
  sleep:
    seconds: 5
{{- else }}
  exec:
    command: [python, -c, "import time; time.sleep(5)"]
{{- end }}
{{- end }}

{{- define "itsm-gateway.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- /* Called with (list $ "component"). */}}
{{- define "itsm-gateway.spread" -}}
{{- $selector := include "itsm-gateway.selector" . -}}
topologySpreadConstraints:
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
{{- end }}
{{- end }}

{{- define "itsm-gateway.configMap" -}}
{{ .Values.gateway.existingConfigMap | default (printf "%s-config" (include "itsm-gateway.fullname" .)) }}
{{- end }}

{{- define "itsm-gateway.policiesMap" -}}
{{- if .Values.gateway.existingPolicies -}}
{{ .Values.gateway.existingPolicies }}
{{- else if .Values.gateway.policies -}}
{{ include "itsm-gateway.fullname" . }}-policies
{{- end }}
{{- end }}

{{- /* What the operator wrote, and who may use the listeners. */}}
{{- define "itsm-gateway.config" -}}
{{- $config := deepCopy .Values.gateway.config }}
{{- range $name, $port := .Values.gateway.upstreamPorts }}
{{- if not (hasKey $config.upstreams $name) }}
{{- fail (printf "gateway.upstreamPorts names %s, which is not in gateway.config.upstreams" $name) }}
{{- end }}
{{- end }}
{{- with .Values.gateway.access.tokens }}
{{- $config = set $config "access" (merge (dict "tokens" .) (dig "access" dict $config)) }}
{{- else }}
{{- range $name, $upstream := $config.upstreams }}
{{- if ne (dig "credentials" "type" "none" $upstream) "none" }}
{{- fail (printf "gateway.config.upstreams.%s has credentials, so anyone in the cluster could file tickets with them: set gateway.access.tokens, or use the gateway as a sidecar" $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- toPrettyJson $config }}
{{- end }}

{{- /* The part of the config that a running gateway does not take up: pods are renewed when it changes, and only then. */}}
{{- define "itsm-gateway.restartDigest" -}}
{{- $config := omit (include "itsm-gateway.config" . | fromJson) "templates" "template_settings" "retry_policy" "mode" }}
{{- $config | toJson | sha256sum | trunc 16 }}
{{- end }}
