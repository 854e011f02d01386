package dev.holdfast.spi.server;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A webhook: a subscriber to events.
 *
 * @param id its id, which never changes
 * @param url the URL that deliveries are sent to
 * @param secret the secret that signs deliveries: {@code whsec_} and the key in Base64
 * @param oldSecret the previous secret, while it signs deliveries too
 * @param events the events that it subscribes to
 * @param queue only jobs of this queue; empty for all; like the next two, ignored for events that
 *     concern no job
 * @param type only jobs of this type; empty for all
 * @param group only jobs of this group; empty for all
 * @param enabled whether it receives deliveries
 * @param createdBy the person or program that created it
 */
public record Webhook(
    String id,
    String url,
    String secret,
    Optional<OldSecret> oldSecret,
    Set<WebhookEvent> events,
    Optional<String> queue,
    Optional<String> type,
    Optional<String> group,
    boolean enabled,
    String createdBy) {
  /**
   * A secret that was replaced.
   *
   * @param secret the secret
   * @param until the time from which it signs nothing
   */
  public record OldSecret(String secret, Instant until) {
    /** Omits the secret. */
    @Override
    public String toString() {
      return "OldSecret[until=" + until + "]";
    }
  }

  /** Copies the events. */
  public Webhook {
    events = Set.copyOf(events);
  }

  /** Returns whether it subscribes to {@code event} for jobs of this kind. */
  public boolean wants(
      WebhookEvent event, String ofQueue, String ofType, Optional<String> ofGroup) {
    return wants(event)
        && queue.map(ofQueue::equals).orElse(true)
        && type.map(ofType::equals).orElse(true)
        && group.map(own -> ofGroup.equals(Optional.of(own))).orElse(true);
  }

  /** Returns whether it subscribes to {@code event}, for any object. */
  public boolean wants(WebhookEvent event) {
    return enabled && events.contains(event);
  }

  /** Returns the same webhook with these secrets. */
  public Webhook withSecrets(String newSecret, Optional<OldSecret> newOldSecret) {
    return new Webhook(
        id, url, newSecret, newOldSecret, events, queue, type, group, enabled, createdBy);
  }

  /** Returns the secrets that sign at this time, newest first. */
  public List<String> secretsAt(Instant now) {
    return oldSecret
        .filter(old -> now.isBefore(old.until()))
        .map(old -> List.of(secret, old.secret()))
        .orElseGet(() -> List.of(secret));
  }

  /** Omits the secrets. */
  @Override
  public String toString() {
    return "Webhook[id=" + id + ", url=" + url + ", events=" + events + "]";
  }
}
