package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of our sessions. A connection of our own gets them once; behind a pooler each
 * transaction sets them again, as the session is shared.
 */
final class SessionSettings {
  private static final Map<String, String> ALL = Map.of("search_path", "holdfast");

  /** Keepalive settings: a server notices within half a minute that a client's machine is gone. */
  private static final Map<String, String> CONNECTION =
      Map.of(
          "tcp_keepalives_idle", "10",
          "tcp_keepalives_interval", "5",
          "tcp_keepalives_count", "3",
          "tcp_user_timeout", "20000");

  /**
   * Planner settings. A queue can be empty now and huge a moment later, so its statistics are
   * always wrong: the planner is restricted to the indexes that the statements are written for (ADR
   * 3).
   */
  private static final Map<String, String> PLANS =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_seqscan", "off",
          "enable_nestloop", "off",
          "enable_mergejoin", "off",
          "enable_bitmapscan", "off",
          "jit", "off");

  /**
   * Planner settings of searches, which walk an index in its order and stop early. Without
   * statistics the planner would read the whole range and sort it (ADR 27).
   */
  private static final Map<String, String> SEARCHES = Map.of("enable_bitmapscan", "off");

  private SessionSettings() {}

  /** Returns the settings for a connection that is not shared. */
  static String forSession(ConnectionUse use) {
    Map<String, String> settings = forUse(use);
    settings.putAll(CONNECTION);
    return said(settings);
  }

  /** Returns the settings for the connection that shows others that we are alive. */
  static String forLifeline() {
    return said(CONNECTION);
  }

  private static String said(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> "set " + entry.getKey() + " = '" + entry.getValue() + "'")
        .collect(Collectors.joining("; "));
  }

  /** Returns the settings for one transaction on a shared connection. */
  static String forTransaction(ConnectionUse use) {
    return forUse(use).entrySet().stream()
        .map(entry -> "set_config('" + entry.getKey() + "', '" + entry.getValue() + "', true)")
        .collect(Collectors.joining(", ", "select ", ""));
  }

  /**
   * Returns how long to wait for locks of others. The engine sets aside what it cannot have and
   * continues with the rest, so it waits no longer than a commit may take.
   */
  private static String lockTimeout(ConnectionUse use) {
    return switch (use) {
      case WORK -> "50ms";
      case RECOVERY, DUTIES -> "200ms";
      case HEARTBEAT -> "2s";
      case CALLERS -> "5s";
    };
  }

  /**
   * Returns how long a transaction may pause between two statements before the server ends it, so
   * that others need not wait for a frozen process. Transactions of the engine wait for nothing but
   * the database.
   */
  private static String idleTimeout(ConnectionUse use) {
    return use == ConnectionUse.CALLERS ? "10s" : "2s";
  }

  private static Map<String, String> forUse(ConnectionUse use) {
    Map<String, String> settings = new LinkedHashMap<>(ALL);
    settings.put("idle_in_transaction_session_timeout", idleTimeout(use));
    settings.put("lock_timeout", lockTimeout(use));
    if (use != ConnectionUse.CALLERS && use != ConnectionUse.HEARTBEAT) {
      settings.putAll(PLANS);
    }
    if (use == ConnectionUse.CALLERS) {
      settings.putAll(SEARCHES);
    }
    return settings;
  }
}
