package dev.holdfast.server.worker;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.Printable;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lease in the hands of a worker, to which it is an opaque text. All that the server needs stands
 * in it, so that any server can take the job's end, also one that was started since.
 *
 * @param lease the lease
 * @param claimedAt when, by the clock of the server that claimed
 */
record LeaseText(Lease lease, Instant claimedAt) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f-]{36})\\.(\\d{1,18})\\.(\\d{1,9})\\.(\\d{1,15})");

  /**
   * Reads what a worker was given.
   *
   * @throws InvalidRequestException if nobody ever gave it
   */
  static LeaseText parse(JobId job, String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw wrong(text);
    }
    try {
      Lease lease =
          new Lease(
              job,
              Long.parseLong(parts.group(2)),
              Integer.parseInt(parts.group(3)),
              new NodeId(UUID.fromString(parts.group(1))));
      return new LeaseText(lease, Instant.ofEpochMilli(Long.parseLong(parts.group(4))));
    } catch (IllegalArgumentException malformed) {
      throw wrong(text);
    }
  }

  private static InvalidRequestException wrong(String text) {
    return new InvalidRequestException(
        "field 'lease' is %s, expected the text that came with the job"
            .formatted(Printable.quoted(text)));
  }

  /** What the worker is given. */
  @Override
  public String toString() {
    return lease.node()
        + "."
        + lease.token()
        + "."
        + lease.attempt()
        + "."
        + claimedAt.toEpochMilli();
  }
}
