package dev.holdfast.config;

import dev.holdfast.NodeConfig;
import dev.holdfast.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds, checked.
 *
 * @param db the database; empty if nobody named one
 * @param node how a node of this program works, with monitor and retention
 * @param allowExec the programs that jobs of type exec may run, where not all may
 * @param allowHttp the URLs that jobs of type http may call, where not all may
 * @param anyType how types are treated that nothing is said of
 * @param types those that something is said of
 * @param schedules recurring jobs, as the file declares them
 * @param server how a server listens
 * @param webhooks how a server tells others what happened
 * @param redact the fields whose values nobody is shown
 * @param log what is logged, and where
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

  /** The same, with nothing that jobs of the built-in types may do. */
  public Settings withoutBuiltIns() {
    return new Settings(
        db, node, List.of(), List.of(), anyType, types, schedules, server, webhooks, redact, log);
  }

  /** How jobs of this type are treated. */
  public TypePolicy type(String type) {
    return types.getOrDefault(type, anyType);
  }
}
