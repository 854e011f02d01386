package dev.holdfast.config;

import dev.holdfast.NodeConfig;
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
 * @param server how a server listens
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
    ServerSettings server,
    List<String> redact,
    LogConfig log) {

  /** Copies the types. */
  public Settings {
    allowExec = List.copyOf(allowExec);
    allowHttp = List.copyOf(allowHttp);
    types = Map.copyOf(types);
    redact = List.copyOf(redact);
  }

  /** The same, with nothing that jobs of the built-in types may do. */
  public Settings withoutBuiltIns() {
    return new Settings(db, node, List.of(), List.of(), anyType, types, server, redact, log);
  }

  /** How jobs of this type are treated. */
  public TypePolicy type(String type) {
    return types.getOrDefault(type, anyType);
  }
}
