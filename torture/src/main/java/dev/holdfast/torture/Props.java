package dev.holdfast.torture;

import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.torture.host.SmallDisk;
import java.util.List;
import java.util.Optional;

/**
 * The infrastructure that the nemesis can strike.
 *
 * @param wires the connections between each worker and the database server, by the worker's number
 *     from 1; or none
 * @param disk the disk of the store, if it is to be filled
 */
record Props(List<Wire> wires, Optional<SmallDisk> disk) implements AutoCloseable {
  static final Props NONE = new Props(List.of(), Optional.empty());

  Props {
    wires = List.copyOf(wires);
  }

  Optional<Wire> wireOf(int worker) {
    return wires.isEmpty() ? Optional.empty() : Optional.of(wires.get(worker - 1));
  }

  @Override
  public void close() {
    wires.forEach(Wire::close);
    disk.ifPresent(SmallDisk::close);
  }
}
