package dev.holdfast.spi;

import dev.holdfast.NodeId;

/**
 * What a node tells of itself when it starts.
 *
 * @param id its incarnation
 * @param name its name for people
 * @param host its host
 * @param processId its operating-system process id
 * @param startTicks the process's start in clock ticks since boot, 0 where the system has none
 * @param bootId the boot of the host, or empty
 * @param pidNamespace the pid namespace, or empty
 * @param version of Holdfast
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
