package dev.holdfast.postgres;

import dev.holdfast.jdbc.store.ConnectionUse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a session of ours is told. On a connection of its own that is said once; behind a pooler
 * each transaction says it for itself, as the next one may be somebody else's.
 */
final class Settings {
  private static final Map<String, String> ALL = Map.of("search_path", "holdfast");

  /** Nobody may wait for ever: not we for a row, and not others for a process that is frozen. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "lock_timeout", "5s",
          "idle_in_transaction_session_timeout", "10s");

  /** A server notices within half a minute that a client's machine is gone. */
  private static final Map<String, String> CONNECTION =
      Map.of(
          "tcp_keepalives_idle", "10",
          "tcp_keepalives_interval", "5",
          "tcp_keepalives_count", "3",
          "tcp_user_timeout", "20000");

  /**
   * A queue is empty now and huge a moment later, so its statistics are always wrong: the planner
   * is left no choice but the indexes that the statements are written for (ADR 3).
   */
  private static final Map<String, String> PLANS =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_seqscan", "off",
          "enable_nestloop", "off",
          "enable_mergejoin", "off",
          "enable_bitmapscan", "off",
          "jit", "off");

  private Settings() {}

  /** For a connection that nobody else uses. */
  static String forSession(ConnectionUse use) {
    Map<String, String> settings = forUse(use);
    settings.putAll(CONNECTION);
    return said(settings);
  }

  /** For the connection on which others see that we live. */
  static String forLifeline() {
    return said(CONNECTION);
  }

  private static String said(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> "set " + entry.getKey() + " = '" + entry.getValue() + "'")
        .collect(Collectors.joining("; "));
  }

  /** For one transaction on a connection that others use as well. */
  static String forTransaction(ConnectionUse use) {
    return forUse(use).entrySet().stream()
        .map(entry -> "set_config('" + entry.getKey() + "', '" + entry.getValue() + "', true)")
        .collect(Collectors.joining(", ", "select ", ""));
  }

  private static Map<String, String> forUse(ConnectionUse use) {
    Map<String, String> settings = new LinkedHashMap<>(ALL);
    settings.putAll(LIMITS);
    if (use == ConnectionUse.WORK) {
      settings.putAll(PLANS);
    }
    return settings;
  }
}
