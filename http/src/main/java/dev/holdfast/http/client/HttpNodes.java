package dev.holdfast.http.client;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.Nodes;
import dev.holdfast.QueueStatus;
import dev.holdfast.http.wire.NodeJson;
import java.util.ArrayList;
import java.util.List;

/** The nodes behind a server. Thread-safe. */
final class HttpNodes implements Nodes {
  private final Transport transport;

  HttpNodes(Transport transport) {
    this.transport = transport;
  }

  @Override
  public List<QueueStatus.Node> list() {
    return transport.call(Request.get("/nodes")).list("nodes", NodeJson.class, NodeJson::node);
  }

  @Override
  public List<NodeId> command(NodeCommand command, List<NodeId> nodes) {
    List<NodeId> told = new ArrayList<>();
    for (NodeId node : nodes.isEmpty() ? ids() : nodes) {
      Request request = Request.post("/nodes/" + node + "/" + path(command)).harmless();
      transport.ifThere(request, answer -> answer).ifPresent(done -> told.add(node));
    }
    return told;
  }

  private List<NodeId> ids() {
    return transport.call(Request.get("/nodes")).list("nodes", NodeJson.class, NodeJson::id);
  }

  private static String path(NodeCommand command) {
    return switch (command) {
      case RUN -> "start";
      case DRAIN -> "quiet";
      case STOP -> "stop";
    };
  }
}
