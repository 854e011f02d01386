package dev.holdfast.spi;

import dev.holdfast.NodeId;

/**
 * The data that a node registers when it starts.
 *
 * @param id its id
 * @param name its name, for display
 * @param host its host
 * @param processId its operating-system process id
 * @param startTicks the process's start in clock ticks since boot, 0 where the system does not
 *     provide it
 * @param bootId the boot of the host, or empty
 * @param pidNamespace the pid namespace, or empty
 * @param version the version of Holdfast
 */
public record NodeInfo(
    NodeId id,
    String name,
    String host,
    long processId,
    long startTicks,
    String bootId,
    String pidNamespace,
    String version) {}
