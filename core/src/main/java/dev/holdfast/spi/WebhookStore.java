package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that keeps webhooks and what they are to be told.
 *
 * <p>The end of a job and the deliveries that tell of it are one transaction, whoever ended the job
 * in whatever way: none is lost, and none is made for an end that was rolled back. From then on a
 * delivery waits until a job is enqueued that delivers it.
 */
public interface WebhookStore {

  /**
   * Writes a webhook, in place of the one with its id if there is one; the secrets of that one
   * stay. Whatever ends after this returned is told.
   *
   * @throws dev.holdfast.BusyException if other transactions kept the jobs for too long; nothing
   *     was changed
   */
  void put(Webhook webhook);

  /**
   * Exchanges the secret of a webhook. The one that it had goes on being valid for {@code overlap};
   * one from an earlier exchange no longer is.
   *
   * @return the webhook as it is now; empty if there is none
   */
  Optional<Webhook> rotate(String id, String secret, Duration overlap);

  /** The webhook with this id. */
  Optional<Webhook> find(String id);

  /** All webhooks by their ids. */
  List<Webhook> list();

  /** Removes a webhook with its deliveries. @return whether there was one */
  boolean remove(String id);

  /** Writes down what happened for every webhook that wants to be told; each thing once. */
  void tell(List<Happening> happenings);

  /**
   * Writes down for one webhook what happened, whatever it wants.
   *
   * @return the delivery; empty if there is no such webhook, or it was told before
   */
  Optional<WebhookDelivery> tell(String webhook, Happening happening);

  /** Deliveries for which no job was enqueued yet, the oldest first. */
  List<WebhookDelivery> waiting(int limit);

  /**
   * Enqueues the job that delivers something, unless it has one.
   *
   * @return whether it was enqueued
   */
  boolean enqueue(long delivery, JobDraft job);

  /**
   * Enqueues another job that delivers something in place of the one that it has.
   *
   * @param instead of the job that it has
   * @return whether it was enqueued
   */
  boolean enqueueAgain(long delivery, JobId instead, JobDraft job);

  /** A delivery. */
  Optional<WebhookDelivery> delivery(long number);

  /**
   * The deliveries of a webhook, the newest first.
   *
   * @param before those with smaller numbers only
   */
  List<WebhookDelivery> deliveries(String webhook, Optional<Long> before, int limit);

  /**
   * Removes deliveries of what happened longer ago than {@code age}, and whose job has ended; and
   * old secrets that are no longer valid.
   *
   * @return how many deliveries
   */
  int forget(Duration age, int limit);
}
