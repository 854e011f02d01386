package dev.holdfast.engine;

import dev.holdfast.Lease;
import dev.holdfast.spi.Acknowledgement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Ends of attempts that are not durable yet. Whatever fails, they stay until a store took them. */
final class Acknowledgements {
  private final ReentrantLock lock = new ReentrantLock();
  private List<Acknowledgement> pending = new ArrayList<>(); // guarded by lock
  private List<Acknowledgement> sent = List.of(); // guarded by lock

  void submit(Acknowledgement acknowledgement) {
    lock.lock();
    try {
      pending.add(acknowledgement);
    } finally {
      lock.unlock();
    }
  }

  /** Hands out all that is pending, for one try to make it durable. */
  List<Acknowledgement> take() {
    lock.lock();
    try {
      sent = pending;
      pending = new ArrayList<>();
      return sent;
    } finally {
      lock.unlock();
    }
  }

  /** The try succeeded. */
  void settled() {
    lock.lock();
    try {
      sent = List.of();
    } finally {
      lock.unlock();
    }
  }

  /** The try failed, or its outcome is unknown: they are taken again, before newer ones. */
  void putBack() {
    lock.lock();
    try {
      List<Acknowledgement> all = new ArrayList<>(sent);
      all.addAll(pending);
      pending = all;
      sent = List.of();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return pending.isEmpty() && sent.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The leases that wait here for their end. */
  Set<Lease> leases() {
    lock.lock();
    try {
      Set<Lease> leases = new HashSet<>();
      sent.forEach(acknowledgement -> leases.add(acknowledgement.lease()));
      pending.forEach(acknowledgement -> leases.add(acknowledgement.lease()));
      return leases;
    } finally {
      lock.unlock();
    }
  }
}
