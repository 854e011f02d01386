package dev.holdfast.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom to tell of what.
 *
 * @param id its identity, for ever
 * @param url where it is told
 * @param secret what deliveries are signed with: {@code whsec_} and the key in Base64
 * @param oldSecret the one before, while deliveries are signed with it too
 * @param events of what
 * @param queue of jobs of this queue only, or empty for all; as the two below, no matter for what
 *     happens to no job
 * @param type of jobs of this type only, or empty for all
 * @param group of jobs of this group only, or empty for all
 * @param enabled whether it is told anything
 * @param createdBy who asked for it
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
   * A secret that was exchanged.
   *
   * @param secret what it was
   * @param until from then on nothing is signed with it
   */
  public record OldSecret(String secret, Instant until) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "OldSecret[until=" + until + "]";
    }
  }

  /** Copies the events. */
  public Webhook {
    events = Set.copyOf(events);
  }

  /** Whether it is to be told that {@code event} happened to a job of this kind. */
  public boolean wants(
      WebhookEvent event, String ofQueue, String ofType, Optional<String> ofGroup) {
    return wants(event)
        && queue.map(ofQueue::equals).orElse(true)
        && type.map(ofType::equals).orElse(true)
        && group.map(own -> ofGroup.equals(Optional.of(own))).orElse(true);
  }

  /** Whether it is to be told that {@code event} happened, to whatever. */
  public boolean wants(WebhookEvent event) {
    return enabled && events.contains(event);
  }

  /** The same with these secrets. */
  public Webhook withSecrets(String newSecret, Optional<OldSecret> newOldSecret) {
    return new Webhook(
        id, url, newSecret, newOldSecret, events, queue, type, group, enabled, createdBy);
  }

  /** What is signed with at this time, the newest first. */
  public List<String> secretsAt(Instant now) {
    return oldSecret
        .filter(old -> now.isBefore(old.until()))
        .map(old -> List.of(secret, old.secret()))
        .orElseGet(() -> List.of(secret));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Webhook[id=" + id + ", url=" + url + ", events=" + events + "]";
  }
}
