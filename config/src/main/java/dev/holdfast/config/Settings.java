package dev.holdfast.config;

import dev.holdfast.NodeConfig;
import dev.holdfast.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective settings, checked.
 *
 * @param db the database; empty if none was named
 * @param node the node of this program, with monitor and retention
 * @param allowExec the programs that jobs of type exec may run, unless all are allowed
 * @param allowHttp the URLs that jobs of type http may call, unless all are allowed
 * @param anyType the policy of types that are not configured
 * @param types the policies of configured types
 * @param schedules recurring jobs, as the file declares them
 * @param server the server
 * @param webhooks webhook deliveries
 * @param redact the fields whose values are never shown
 * @param log the log
 */
public record Settings(
    Optional<String> db,
    NodeConfig node,
    List<String> allowExec,
    List<String> allowHttp,
    TypePolicy anyType,
    Map<String, TypePolicy> types,
    List<Schedule> schedules,
    ServerSettings server,
    WebhookSettings webhooks,
    List<String> redact,
    LogConfig log) {

  /** Copies the collections. */
  public Settings {
    allowExec = List.copyOf(allowExec);
    allowHttp = List.copyOf(allowHttp);
    types = Map.copyOf(types);
    schedules = List.copyOf(schedules);
    redact = List.copyOf(redact);
  }

  /** Returns the same settings, with nothing allowed for jobs of the built-in types. */
  public Settings withoutBuiltIns() {
    return new Settings(
        db, node, List.of(), List.of(), anyType, types, schedules, server, webhooks, redact, log);
  }

  /** Returns the policy of this type. */
  public TypePolicy type(String type) {
    return types.getOrDefault(type, anyType);
  }
}
