package dev.holdfast.spi.server;

import dev.holdfast.JobId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.record.JobDraft;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that keeps webhooks and their deliveries.
 *
 * <p>The end of a job and its deliveries are written in one transaction, no matter how it ended:
 * none is lost, and none is written for an end that was rolled back. From then on a delivery waits
 * until a job is enqueued that delivers it.
 */
public interface WebhookStore {

  /**
   * Writes a webhook, replacing the one with its id if there is one, except for its secrets. Every
   * job that ends after this returned is delivered.
   *
   * @throws dev.holdfast.error.BusyException if other transactions held the jobs for too long;
   *     nothing was changed
   */
  void put(Webhook webhook);

  /**
   * Replaces the secret of a webhook. The previous one stays valid for {@code overlap}; earlier
   * ones do not.
   *
   * @return the webhook as it is now; empty if there is none
   */
  Optional<Webhook> rotate(String id, String secret, Duration overlap);

  /** Returns the webhook with this id. */
  Optional<Webhook> find(String id);

  /** Returns all webhooks by id. */
  List<Webhook> list();

  /** Removes a webhook with its deliveries. @return whether there was one */
  boolean remove(String id);

  /** Records events for every webhook that subscribes to them; each event once. */
  void tell(List<Happening> happenings);

  /**
   * Records an event for one webhook, regardless of its subscriptions.
   *
   * @return the delivery; empty if there is no such webhook, or the event was recorded before
   */
  Optional<WebhookDelivery> tell(String webhook, Happening happening);

  /** Returns the deliveries without a job, oldest first. */
  List<WebhookDelivery> waiting(int limit);

  /**
   * Enqueues the job for a delivery, unless it has one.
   *
   * @return whether it was enqueued
   */
  boolean enqueue(long delivery, JobDraft job);

  /**
   * Enqueues another job for a delivery, replacing its current one.
   *
   * @param instead the current job
   * @return whether it was enqueued
   */
  boolean enqueueAgain(long delivery, JobId instead, JobDraft job);

  /** Returns a delivery. */
  Optional<WebhookDelivery> delivery(long number);

  /**
   * Returns the deliveries of a webhook, newest first.
   *
   * @param before only those with smaller numbers
   */
  List<WebhookDelivery> deliveries(String webhook, Optional<Long> before, int limit);

  /**
   * Removes deliveries whose event is older than {@code age} and whose job has ended; and old
   * secrets that are no longer valid.
   *
   * @return the number of deliveries removed
   */
  int forget(Duration age, int limit);
}
