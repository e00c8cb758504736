// Made from the migrated database by `npm run types`; a test fails when it is stale.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
      access_grants: {
        Row: {
          admin_id: string
          ended_at: string | null
          expires_at: string
          id: string
          reason: string
          room_id: string
          starts_at: string
        }
        Insert: {
          admin_id: string
          ended_at?: string | null
          expires_at: string
          id?: string
          reason: string
          room_id: string
          starts_at?: string
        }
        Update: {
          admin_id?: string
          ended_at?: string | null
          expires_at?: string
          id?: string
          reason?: string
          room_id?: string
          starts_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'access_grants_admin_id_fkey'
            columns: ['admin_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'access_grants_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
        ]
      }
      admin_actions: {
        Row: {
          action: string
          admin_id: string
          created_at: string
          id: string
          reason: string
          room_id: string | null
          user_id: string | null
        }
        Insert: {
          action: string
          admin_id: string
          created_at?: string
          id?: string
          reason: string
          room_id?: string | null
          user_id?: string | null
        }
        Update: {
          action?: string
          admin_id?: string
          created_at?: string
          id?: string
          reason?: string
          room_id?: string | null
          user_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'admin_actions_admin_id_fkey'
            columns: ['admin_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'admin_actions_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'admin_actions_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      alert_rules: {
        Row: {
          clear_at: number
          for_minutes: number
          id: string
          is_enabled: boolean
          metric: string
          raise_at: number
          severity: 'info' | 'warning' | 'critical'
        }
        Insert: {
          clear_at: number
          for_minutes?: number
          id?: string
          is_enabled?: boolean
          metric: string
          raise_at: number
          severity: 'info' | 'warning' | 'critical'
        }
        Update: {
          clear_at?: number
          for_minutes?: number
          id?: string
          is_enabled?: boolean
          metric?: string
          raise_at?: number
          severity?: 'info' | 'warning' | 'critical'
        }
        Relationships: []
      }
      alerts: {
        Row: {
          acknowledged_at: string | null
          acknowledged_by: string | null
          cleared_at: string | null
          id: string
          raised_at: string
          rule_id: string
          value: number
        }
        Insert: {
          acknowledged_at?: string | null
          acknowledged_by?: string | null
          cleared_at?: string | null
          id?: string
          raised_at?: string
          rule_id: string
          value: number
        }
        Update: {
          acknowledged_at?: string | null
          acknowledged_by?: string | null
          cleared_at?: string | null
          id?: string
          raised_at?: string
          rule_id?: string
          value?: number
        }
        Relationships: [
          {
            foreignKeyName: 'alerts_acknowledged_by_fkey'
            columns: ['acknowledged_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'alerts_rule_id_fkey'
            columns: ['rule_id']
            isOneToOne: false
            referencedRelation: 'alert_rules'
            referencedColumns: ['id']
          },
        ]
      }
      appointments: {
        Row: {
          created_at: string
          doctor_id: string
          ends_at: string
          id: string
          location: string | null
          mode: 'in_person' | 'video' | 'phone'
          patient_id: string
          reason: string | null
          starts_at: string
          status: 'requested' | 'confirmed' | 'in_progress' | 'completed' | 'cancelled' | 'no_show'
          status_changed_at: string | null
          status_changed_by: string | null
          status_reason: string | null
          updated_at: string
        }
        Insert: {
          created_at?: string
          doctor_id: string
          ends_at: string
          id?: string
          location?: string | null
          mode: 'in_person' | 'video' | 'phone'
          patient_id: string
          reason?: string | null
          starts_at: string
          status?: 'requested' | 'confirmed' | 'in_progress' | 'completed' | 'cancelled' | 'no_show'
          status_changed_at?: string | null
          status_changed_by?: string | null
          status_reason?: string | null
          updated_at?: string
        }
        Update: {
          created_at?: string
          doctor_id?: string
          ends_at?: string
          id?: string
          location?: string | null
          mode?: 'in_person' | 'video' | 'phone'
          patient_id?: string
          reason?: string | null
          starts_at?: string
          status?: 'requested' | 'confirmed' | 'in_progress' | 'completed' | 'cancelled' | 'no_show'
          status_changed_at?: string | null
          status_changed_by?: string | null
          status_reason?: string | null
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'appointments_doctor_id_fkey'
            columns: ['doctor_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'appointments_patient_id_fkey'
            columns: ['patient_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'appointments_status_changed_by_fkey'
            columns: ['status_changed_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      audit_log: {
        Row: {
          action: string
          actor_id: string | null
          at: string
          chain: string
          details: Json
          hash: string
          n: number
          room_id: string | null
          subject_id: string | null
        }
        Insert: {
          action: string
          actor_id?: string | null
          at: string
          chain: string
          details?: Json
          hash: string
          n: number
          room_id?: never
          subject_id?: string | null
        }
        Update: {
          action?: string
          actor_id?: string | null
          at?: string
          chain?: string
          details?: Json
          hash?: string
          n?: number
          room_id?: never
          subject_id?: string | null
        }
        Relationships: []
      }
      business_hours: {
        Row: {
          closes: string
          opens: string
          weekday: number
        }
        Insert: {
          closes: string
          opens: string
          weekday: number
        }
        Update: {
          closes?: string
          opens?: string
          weekday?: number
        }
        Relationships: []
      }
      chat_attachments: {
        Row: {
          created_at: string
          erased_at: string | null
          height: number | null
          id: string
          media_type: string
          message_id: string | null
          name: string | null
          path: string
          preview: string | null
          retracted_at: string | null
          room_id: string
          scanned_at: string | null
          sha256: string | null
          size_bytes: number
          status: 'pending' | 'clean' | 'infected' | 'rejected'
          uploader_id: string
          width: number | null
        }
        Insert: {
          created_at?: string
          erased_at?: string | null
          height?: number | null
          id: string
          media_type: string
          message_id?: string | null
          name?: string | null
          path?: never
          preview?: string | null
          retracted_at?: string | null
          room_id: string
          scanned_at?: string | null
          sha256?: string | null
          size_bytes: number
          status?: 'pending' | 'clean' | 'infected' | 'rejected'
          uploader_id: string
          width?: number | null
        }
        Update: {
          created_at?: string
          erased_at?: string | null
          height?: number | null
          id?: string
          media_type?: string
          message_id?: string | null
          name?: string | null
          path?: never
          preview?: string | null
          retracted_at?: string | null
          room_id?: string
          scanned_at?: string | null
          sha256?: string | null
          size_bytes?: number
          status?: 'pending' | 'clean' | 'infected' | 'rejected'
          uploader_id?: string
          width?: number | null
        }
        Relationships: [
          {
            foreignKeyName: 'chat_attachments_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_attachments_room_id_message_id_fkey'
            columns: ['room_id', 'message_id']
            isOneToOne: false
            referencedRelation: 'chat_messages'
            referencedColumns: ['room_id', 'id']
          },
          {
            foreignKeyName: 'chat_attachments_uploader_id_fkey'
            columns: ['uploader_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      chat_message_versions: {
        Row: {
          author_id: string
          body: string
          is_retracted: boolean
          message_id: string
          replaced_at: string
          room_id: string
          version: number
          written_at: string
        }
        Insert: {
          author_id: string
          body: string
          is_retracted?: boolean
          message_id: string
          replaced_at?: string
          room_id: string
          version: number
          written_at: string
        }
        Update: {
          author_id?: string
          body?: string
          is_retracted?: boolean
          message_id?: string
          replaced_at?: string
          room_id?: string
          version?: number
          written_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'chat_message_versions_author_id_fkey'
            columns: ['author_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_message_versions_room_id_message_id_fkey'
            columns: ['room_id', 'message_id']
            isOneToOne: false
            referencedRelation: 'chat_messages'
            referencedColumns: ['room_id', 'id']
          },
        ]
      }
      chat_messages: {
        Row: {
          body: string | null
          change: number | null
          created_at: string
          edited_at: string | null
          erased_at: string | null
          event: Json | null
          id: string
          kind: 'text' | 'image' | 'file' | 'system'
          reply_to: string | null
          retracted_at: string | null
          room_id: string
          sender_id: string | null
          seq: number
        }
        Insert: {
          body?: string | null
          change?: number | null
          created_at?: string
          edited_at?: string | null
          erased_at?: string | null
          event?: Json | null
          id: string
          kind: 'text' | 'image' | 'file' | 'system'
          reply_to?: string | null
          retracted_at?: string | null
          room_id: string
          sender_id?: string | null
          seq: number
        }
        Update: {
          body?: string | null
          change?: number | null
          created_at?: string
          edited_at?: string | null
          erased_at?: string | null
          event?: Json | null
          id?: string
          kind?: 'text' | 'image' | 'file' | 'system'
          reply_to?: string | null
          retracted_at?: string | null
          room_id?: string
          sender_id?: string | null
          seq?: number
        }
        Relationships: [
          {
            foreignKeyName: 'chat_messages_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_messages_room_id_reply_to_fkey'
            columns: ['room_id', 'reply_to']
            isOneToOne: false
            referencedRelation: 'chat_messages'
            referencedColumns: ['room_id', 'id']
          },
          {
            foreignKeyName: 'chat_messages_sender_id_fkey'
            columns: ['sender_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      chat_participants: {
        Row: {
          delivered_seq: number
          joined_at: string
          left_at: string | null
          read_seq: number
          role: 'patient' | 'doctor' | 'care_team' | 'proxy'
          room_id: string
          user_id: string
        }
        Insert: {
          delivered_seq?: number
          joined_at?: string
          left_at?: string | null
          read_seq?: number
          role: 'patient' | 'doctor' | 'care_team' | 'proxy'
          room_id: string
          user_id: string
        }
        Update: {
          delivered_seq?: number
          joined_at?: string
          left_at?: string | null
          read_seq?: number
          role?: 'patient' | 'doctor' | 'care_team' | 'proxy'
          room_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'chat_participants_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_participants_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      chat_personal_state: {
        Row: {
          draft_body: string | null
          draft_reply_to: string | null
          draft_saved_at: string | null
          muted_until: string | null
          opened_at: string | null
          room_id: string
          user_id: string
        }
        Insert: {
          draft_body?: string | null
          draft_reply_to?: string | null
          draft_saved_at?: string | null
          muted_until?: string | null
          opened_at?: string | null
          room_id: string
          user_id: string
        }
        Update: {
          draft_body?: string | null
          draft_reply_to?: string | null
          draft_saved_at?: string | null
          muted_until?: string | null
          opened_at?: string | null
          room_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'chat_personal_state_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_personal_state_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      chat_rooms: {
        Row: {
          appointment_id: string
          closed_at: string | null
          closed_by: string | null
          closed_reason: 'appointment_cancelled' | 'appointment_missed' | 'by_clinician' | 'retention' | null
          created_at: string
          epoch: number
          erased_at: string | null
          granted_until: string | null
          id: string
          last_change: number
          last_message_at: string | null
          last_seq: number
          locked_at: string | null
          locked_by: string | null
          patient_may_reply: boolean
          reply_until: string | null
          retain_until: string | null
          status: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
          waiting_since: string | null
        }
        Insert: {
          appointment_id: string
          closed_at?: string | null
          closed_by?: string | null
          closed_reason?: 'appointment_cancelled' | 'appointment_missed' | 'by_clinician' | 'retention' | null
          created_at?: string
          epoch?: number
          erased_at?: string | null
          granted_until?: string | null
          id?: string
          last_change?: number
          last_message_at?: string | null
          last_seq?: number
          locked_at?: string | null
          locked_by?: string | null
          patient_may_reply?: boolean
          reply_until?: string | null
          retain_until?: string | null
          status: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
          waiting_since?: string | null
        }
        Update: {
          appointment_id?: string
          closed_at?: string | null
          closed_by?: string | null
          closed_reason?: 'appointment_cancelled' | 'appointment_missed' | 'by_clinician' | 'retention' | null
          created_at?: string
          epoch?: number
          erased_at?: string | null
          granted_until?: string | null
          id?: string
          last_change?: number
          last_message_at?: string | null
          last_seq?: number
          locked_at?: string | null
          locked_by?: string | null
          patient_may_reply?: boolean
          reply_until?: string | null
          retain_until?: string | null
          status?: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
          waiting_since?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'chat_rooms_appointment_id_fkey'
            columns: ['appointment_id']
            isOneToOne: true
            referencedRelation: 'appointments'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_rooms_closed_by_fkey'
            columns: ['closed_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'chat_rooms_locked_by_fkey'
            columns: ['locked_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      client_errors: {
        Row: {
          at: string
          count: number
          detail: string | null
          id: number
          kind: string
          user_id: string
        }
        Insert: {
          at?: string
          count?: number
          detail?: string | null
          id?: never
          kind: string
          user_id: string
        }
        Update: {
          at?: string
          count?: number
          detail?: string | null
          id?: never
          kind?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'client_errors_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      client_samples: {
        Row: {
          at: string
          id: number
          kind: string
          user_id: string
          value_ms: number
        }
        Insert: {
          at?: string
          id?: never
          kind: string
          user_id: string
          value_ms: number
        }
        Update: {
          at?: string
          id?: never
          kind?: string
          user_id?: string
          value_ms?: number
        }
        Relationships: [
          {
            foreignKeyName: 'client_samples_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      clinic_settings: {
        Row: {
          archive_after_days: number
          edit_window_minutes: number
          emergency_text: Json
          expected_reply_minutes: number
          id: boolean
          max_file_bytes: number
          name: string
          phone: string | null
          reply_window_days: number
          retention_days: number
          time_zone: string
          updated_at: string
        }
        Insert: {
          archive_after_days?: number
          edit_window_minutes?: number
          emergency_text?: Json
          expected_reply_minutes?: number
          id?: boolean
          max_file_bytes?: number
          name?: string
          phone?: string | null
          reply_window_days?: number
          retention_days?: number
          time_zone?: string
          updated_at?: string
        }
        Update: {
          archive_after_days?: number
          edit_window_minutes?: number
          emergency_text?: Json
          expected_reply_minutes?: number
          id?: boolean
          max_file_bytes?: number
          name?: string
          phone?: string | null
          reply_window_days?: number
          retention_days?: number
          time_zone?: string
          updated_at?: string
        }
        Relationships: []
      }
      consent_texts: {
        Row: {
          published_at: string
          published_by: string | null
          texts: Json
          version: number
        }
        Insert: {
          published_at?: string
          published_by?: string | null
          texts: Json
          version: number
        }
        Update: {
          published_at?: string
          published_by?: string | null
          texts?: Json
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: 'consent_texts_published_by_fkey'
            columns: ['published_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      consents: {
        Row: {
          accepted_at: string
          locale: string
          user_id: string
          version: number
        }
        Insert: {
          accepted_at?: string
          locale: string
          user_id: string
          version: number
        }
        Update: {
          accepted_at?: string
          locale?: string
          user_id?: string
          version?: number
        }
        Relationships: [
          {
            foreignKeyName: 'consents_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'consents_version_fkey'
            columns: ['version']
            isOneToOne: false
            referencedRelation: 'consent_texts'
            referencedColumns: ['version']
          },
        ]
      }
      health_checks: {
        Row: {
          at: string
          id: number
          latency_ms: number | null
          name: string
          status: 'ok' | 'slow' | 'failed'
        }
        Insert: {
          at?: string
          id?: never
          latency_ms?: number | null
          name: string
          status: 'ok' | 'slow' | 'failed'
        }
        Update: {
          at?: string
          id?: never
          latency_ms?: number | null
          name?: string
          status?: 'ok' | 'slow' | 'failed'
        }
        Relationships: []
      }
      legal_holds: {
        Row: {
          held_at: string
          held_by: string
          reason: string
          room_id: string
        }
        Insert: {
          held_at?: string
          held_by: string
          reason: string
          room_id: string
        }
        Update: {
          held_at?: string
          held_by?: string
          reason?: string
          room_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'legal_holds_held_by_fkey'
            columns: ['held_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'legal_holds_room_id_fkey'
            columns: ['room_id']
            isOneToOne: true
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
        ]
      }
      notification_preferences: {
        Row: {
          by_mail: boolean
          by_push: boolean
          in_browser: boolean
          quiet_from: string | null
          quiet_to: string | null
          shows_sender: boolean
          updated_at: string
          user_id: string
        }
        Insert: {
          by_mail?: boolean
          by_push?: boolean
          in_browser?: boolean
          quiet_from?: string | null
          quiet_to?: string | null
          shows_sender?: boolean
          updated_at?: string
          user_id: string
        }
        Update: {
          by_mail?: boolean
          by_push?: boolean
          in_browser?: boolean
          quiet_from?: string | null
          quiet_to?: string | null
          shows_sender?: boolean
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'notification_preferences_user_id_fkey'
            columns: ['user_id']
            isOneToOne: true
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      notifications: {
        Row: {
          count: number
          created_at: string
          id: string
          kind: 'message' | 'appointment' | 'notice' | 'reminder'
          last_seq: number | null
          read_at: string | null
          room_id: string | null
          updated_at: string
          user_id: string
        }
        Insert: {
          count?: number
          created_at?: string
          id?: string
          kind: 'message' | 'appointment' | 'notice' | 'reminder'
          last_seq?: number | null
          read_at?: string | null
          room_id?: string | null
          updated_at?: string
          user_id: string
        }
        Update: {
          count?: number
          created_at?: string
          id?: string
          kind?: 'message' | 'appointment' | 'notice' | 'reminder'
          last_seq?: number | null
          read_at?: string | null
          room_id?: string | null
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'notifications_room_id_fkey'
            columns: ['room_id']
            isOneToOne: false
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'notifications_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      out_of_office: {
        Row: {
          back_at: string
          note: string | null
          starts_at: string
          user_id: string
        }
        Insert: {
          back_at: string
          note?: string | null
          starts_at: string
          user_id: string
        }
        Update: {
          back_at?: string
          note?: string | null
          starts_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'out_of_office_user_id_fkey'
            columns: ['user_id']
            isOneToOne: true
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      profiles: {
        Row: {
          created_at: string
          display_name: string
          id: string
          locale: string
          role: 'patient' | 'doctor' | 'admin'
          specialty: string | null
          suspended_at: string | null
          time_zone: string
          updated_at: string
        }
        Insert: {
          created_at?: string
          display_name: string
          id: string
          locale?: string
          role: 'patient' | 'doctor' | 'admin'
          specialty?: string | null
          suspended_at?: string | null
          time_zone?: string
          updated_at?: string
        }
        Update: {
          created_at?: string
          display_name?: string
          id?: string
          locale?: string
          role?: 'patient' | 'doctor' | 'admin'
          specialty?: string | null
          suspended_at?: string | null
          time_zone?: string
          updated_at?: string
        }
        Relationships: []
      }
      push_subscriptions: {
        Row: {
          auth: string
          created_at: string
          endpoint: string
          failed_at: string | null
          id: string
          p256dh: string
          user_id: string
        }
        Insert: {
          auth: string
          created_at?: string
          endpoint: string
          failed_at?: string | null
          id?: string
          p256dh: string
          user_id: string
        }
        Update: {
          auth?: string
          created_at?: string
          endpoint?: string
          failed_at?: string | null
          id?: string
          p256dh?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'push_subscriptions_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      quick_replies: {
        Row: {
          body: string
          created_at: string
          id: string
          locale: string | null
          owner_id: string | null
          title: string
          updated_at: string
        }
        Insert: {
          body: string
          created_at?: string
          id: string
          locale?: string | null
          owner_id?: string | null
          title: string
          updated_at?: string
        }
        Update: {
          body?: string
          created_at?: string
          id?: string
          locale?: string | null
          owner_id?: string | null
          title?: string
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'quick_replies_owner_id_fkey'
            columns: ['owner_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      room_erasures: {
        Row: {
          erased_at: string
          erased_by: string | null
          files: number
          messages: number
          reason: string
          room_id: string
        }
        Insert: {
          erased_at?: string
          erased_by?: string | null
          files: number
          messages: number
          reason: string
          room_id: string
        }
        Update: {
          erased_at?: string
          erased_by?: string | null
          files?: number
          messages?: number
          reason?: string
          room_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'room_erasures_erased_by_fkey'
            columns: ['erased_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'room_erasures_room_id_fkey'
            columns: ['room_id']
            isOneToOne: true
            referencedRelation: 'chat_rooms'
            referencedColumns: ['id']
          },
        ]
      }
    }
    Views: { [_ in never]: never }
    Functions: {
      accept_consent: {
        Args: {
          locale: string
          version: number
        }
        Returns: Json
      }
      add_participant: {
        Args: {
          role: string
          room_id: string
          user_id: string
        }
        Returns: Json
      }
      can_reply: {
        Args: {
          room_id: string
        }
        Returns: Json
      }
      clear_out_of_office: {
        Args: Record<PropertyKey, never>
        Returns: undefined
      }
      delete_quick_reply: {
        Args: {
          id: string
        }
        Returns: undefined
      }
      edit_message: {
        Args: {
          body: string
          message_id: string
          room_id: string
        }
        Returns: Json
      }
      end_access: {
        Args: {
          grant_id: string
        }
        Returns: Json
      }
      erase_room: {
        Args: {
          reason: string
          room_id: string
        }
        Returns: Json
      }
      get_appointment: {
        Args: {
          appointment_id: string
        }
        Returns: Json
      }
      get_clinic: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      get_consent: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      get_out_of_office: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      get_profile: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      inspect_room: {
        Args: {
          appointment_id: string
        }
        Returns: Json
      }
      list_access_log: {
        Args: {
          before_n?: number | null
          page_size?: number | null
          room_id: string
        }
        Returns: Json
      }
      list_appointments: {
        Args: {
          after_id?: string | null
          after_starts_at?: string | null
          page_size?: number | null
          scope?: string | null
        }
        Returns: Json
      }
      list_audit_heads: {
        Args: {
          after_chain?: string | null
        }
        Returns: Json
      }
      list_changes: {
        Args: {
          after_change?: number | null
          page_size?: number | null
          room_id: string
        }
        Returns: Json
      }
      list_colleagues: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      list_due_erasures: {
        Args: {
          page_size?: number | null
          within_days?: number | null
        }
        Returns: Json
      }
      list_message_versions: {
        Args: {
          message_id: string
          room_id: string
        }
        Returns: Json
      }
      list_messages: {
        Args: {
          after_seq?: number | null
          before_seq?: number | null
          page_size?: number | null
          room_id: string
        }
        Returns: Json
      }
      list_quick_replies: {
        Args: Record<PropertyKey, never>
        Returns: Json
      }
      list_receipts: {
        Args: {
          message_id: string
          room_id: string
        }
        Returns: Json
      }
      list_rooms: {
        Args: {
          before_id?: string | null
          before_message_at?: string | null
          page_size?: number | null
        }
        Returns: Json
      }
      lock_room: {
        Args: {
          reason: string
          room_id: string
        }
        Returns: undefined
      }
      mark_read: {
        Args: {
          delivered_seq?: number | null
          read_seq?: number | null
          room_id: string
        }
        Returns: Json
      }
      mute_room: {
        Args: {
          muted_until?: string | null
          room_id: string
        }
        Returns: undefined
      }
      open_attachment: {
        Args: {
          attachment_id: string
        }
        Returns: Json
      }
      open_room: {
        Args: {
          appointment_id: string
        }
        Returns: Json
      }
      post_notice: {
        Args: {
          body: string
          room_id: string
        }
        Returns: Json
      }
      publish_consent: {
        Args: {
          texts: Json
        }
        Returns: Json
      }
      reinstate_user: {
        Args: {
          reason: string
          user_id: string
        }
        Returns: undefined
      }
      remove_participant: {
        Args: {
          reason?: string | null
          room_id: string
          user_id: string
        }
        Returns: Json
      }
      retract_message: {
        Args: {
          message_id: string
          room_id: string
        }
        Returns: Json
      }
      save_draft: {
        Args: {
          body: string
          reply_to?: string | null
          room_id: string
        }
        Returns: undefined
      }
      save_quick_reply: {
        Args: {
          body: string
          id: string
          is_shared?: boolean | null
          locale?: string | null
          title: string
        }
        Returns: Json
      }
      search_messages: {
        Args: {
          before_seq?: number | null
          page_size?: number | null
          query: string
          room_id: string
        }
        Returns: Json
      }
      send_message: {
        Args: {
          attachment_ids?: string[] | null
          body?: string | null
          id: string
          reply_to?: string | null
          room_id: string
        }
        Returns: Json
      }
      set_appointment_status: {
        Args: {
          appointment_id: string
          reason?: string | null
          status: string
        }
        Returns: Json
      }
      set_business_hours: {
        Args: {
          hours: Json
        }
        Returns: Json
      }
      set_legal_hold: {
        Args: {
          is_held: boolean
          reason: string
          room_id: string
        }
        Returns: undefined
      }
      set_out_of_office: {
        Args: {
          back_at: string
          note?: string | null
          starts_at?: string | null
        }
        Returns: Json
      }
      set_patient_may_reply: {
        Args: {
          may_reply: boolean
          room_id: string
        }
        Returns: Json
      }
      set_room_status: {
        Args: {
          room_id: string
          status: string
        }
        Returns: Json
      }
      start_access: {
        Args: {
          minutes?: number | null
          reason: string
          room_id: string
        }
        Returns: Json
      }
      start_attachment: {
        Args: {
          id: string
          media_type: string
          name: string
          room_id: string
          size_bytes: number
        }
        Returns: Json
      }
      suspend_user: {
        Args: {
          reason: string
          user_id: string
        }
        Returns: undefined
      }
      unlock_room: {
        Args: {
          reason: string
          room_id: string
        }
        Returns: undefined
      }
      update_clinic: {
        Args: {
          changes: Json
        }
        Returns: Json
      }
      verify_access_log: {
        Args: {
          room_id: string
        }
        Returns: Json
      }
    }
    Enums: { [_ in never]: never }
    CompositeTypes: { [_ in never]: never }
  }
}
