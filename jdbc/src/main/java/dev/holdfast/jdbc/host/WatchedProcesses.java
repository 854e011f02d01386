package dev.holdfast.jdbc.host;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ThisHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Nodes that hold no lock, but whose process is one of this host, such as workers over HTTP. Their
 * process is recognized by its id and its start, under the same boot and in the same pid namespace.
 * Safe from any thread.
 */
final class WatchedProcesses {
  private final NodeInfo self;
  private final Map<NodeId, NodeInfo> watched = new ConcurrentHashMap<>();

  /**
   * @param self any node of this process, to identify the host
   */
  WatchedProcesses(NodeInfo self) {
    this.self = self;
  }

  /**
   * Watches a node's process, if it is one of this host and is seen here. One that is not may have
   * ended, or belong to a user whose processes are hidden: then the lease decides.
   */
  void watch(NodeInfo node) {
    boolean isHere =
        !node.bootId().isEmpty()
            && node.bootId().equals(self.bootId())
            && node.pidNamespace().equals(self.pidNamespace());
    if (isHere && node.startTicks() > 0 && lives(node)) {
      watched.put(node.id(), node);
    }
  }

  private static boolean lives(NodeInfo node) {
    return ThisHost.startTicks(node.processId()) == node.startTicks();
  }

  /** Returns the nodes whose process has ended. */
  List<Death> deaths() {
    List<Death> deaths = new ArrayList<>();
    for (NodeInfo node : watched.values()) {
      if (!lives(node)) {
        deaths.add(Death.proven(node.id(), "its process %d has ended".formatted(node.processId())));
      }
    }
    return deaths;
  }

  void forget(NodeId node) {
    watched.remove(node);
  }
}
