// Made from the migrated database by `npm run types`; a test fails when it is stale.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
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
        ]
      }
      chat_messages: {
        Row: {
          body: string | null
          created_at: string
          edited_at: string | null
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
          created_at?: string
          edited_at?: string | null
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
          created_at?: string
          edited_at?: string | null
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
          muted_until: string | null
          read_seq: number
          role: 'patient' | 'doctor'
          room_id: string
          user_id: string
        }
        Insert: {
          delivered_seq?: number
          joined_at?: string
          left_at?: string | null
          muted_until?: string | null
          read_seq?: number
          role: 'patient' | 'doctor'
          room_id: string
          user_id: string
        }
        Update: {
          delivered_seq?: number
          joined_at?: string
          left_at?: string | null
          muted_until?: string | null
          read_seq?: number
          role?: 'patient' | 'doctor'
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
      chat_rooms: {
        Row: {
          appointment_id: string
          closed_at: string | null
          closed_by: string | null
          created_at: string
          epoch: number
          id: string
          last_message_at: string | null
          last_seq: number
          patient_may_reply: boolean
          reply_until: string | null
          status: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
        }
        Insert: {
          appointment_id: string
          closed_at?: string | null
          closed_by?: string | null
          created_at?: string
          epoch?: number
          id?: string
          last_message_at?: string | null
          last_seq?: number
          patient_may_reply?: boolean
          reply_until?: string | null
          status: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
        }
        Update: {
          appointment_id?: string
          closed_at?: string | null
          closed_by?: string | null
          created_at?: string
          epoch?: number
          id?: string
          last_message_at?: string | null
          last_seq?: number
          patient_may_reply?: boolean
          reply_until?: string | null
          status?: 'pending' | 'open' | 'read_only' | 'closed' | 'archived'
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
    }
    Views: { [_ in never]: never }
    Functions: {
      get_profile: {
        Args: Record<PropertyKey, never>
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
      list_messages: {
        Args: {
          after_seq?: number | null
          before_seq?: number | null
          page_size?: number | null
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
      mark_read: {
        Args: {
          delivered_seq?: number | null
          read_seq?: number | null
          room_id: string
        }
        Returns: Json
      }
      open_room: {
        Args: {
          appointment_id: string
        }
        Returns: Json
      }
      send_message: {
        Args: {
          body: string
          id: string
          reply_to?: string | null
          room_id: string
        }
        Returns: Json
      }
    }
    Enums: { [_ in never]: never }
    CompositeTypes: { [_ in never]: never }
  }
}
