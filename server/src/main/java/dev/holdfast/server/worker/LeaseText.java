package dev.holdfast.server.worker;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Lease;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lease as a worker sees it: an opaque text. It contains everything the server needs, so that any
 * server can accept the job's end, even one that was started later. {@link LeaseSigner} creates and
 * verifies the signature, which also covers the job.
 *
 * @param key the id of the key that it is signed with
 * @param lease the lease
 * @param claimedAt the time of the claim, by the clock of the server that claimed
 * @param signature in Base64 for URLs, without padding
 */
record LeaseText(String key, Lease lease, Instant claimedAt, String signature) {
  private static final String VERSION = "1";

  private static final Pattern FORM =
      Pattern.compile(
          VERSION
              + "\\.([0-9a-f]{12})\\.([0-9a-f-]{36})\\.(\\d{1,18})\\.(\\d{1,9})\\.(\\d{1,15})"
              + "\\.([A-Za-z0-9_-]{43})");

  /** The form of leases from versions that did not sign them. */
  private static final Pattern UNSIGNED =
      Pattern.compile(
          "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.\\d{1,18}\\.\\d{1,9}\\.\\d{1,15}");

  /**
   * Parses a lease without verifying its signature.
   *
   * @return the lease; empty if it is of an older version
   * @throws InvalidRequestException if it is malformed
   */
  static Optional<LeaseText> parse(JobId job, String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      if (UNSIGNED.matcher(text).matches()) {
        return Optional.empty();
      }
      throw wrong(text);
    }
    try {
      Lease lease =
          new Lease(
              job,
              Long.parseLong(parts.group(3)),
              Integer.parseInt(parts.group(4)),
              new NodeId(UUID.fromString(parts.group(2))));
      Instant claimedAt = Instant.ofEpochMilli(Long.parseLong(parts.group(5)));
      LeaseText read = new LeaseText(parts.group(1), lease, claimedAt, parts.group(6));
      if (!read.toString().equals(text)) { // such as 01 for 1, which has the same signature
        throw wrong(text);
      }
      return Optional.of(read);
    } catch (IllegalArgumentException malformed) {
      throw wrong(text);
    }
  }

  private static InvalidRequestException wrong(String text) {
    return new InvalidRequestException(
        "field 'lease' is %s, expected the text that came with the job"
            .formatted(Printable.quoted(text)));
  }

  LeaseText signed(String newSignature) {
    return new LeaseText(key, lease, claimedAt, newSignature);
  }

  /** Returns the signed text, without the job. */
  String unsigned() {
    return String.join(
        ".",
        VERSION,
        key,
        lease.node().toString(),
        Long.toString(lease.token()),
        Integer.toString(lease.attempt()),
        Long.toString(claimedAt.toEpochMilli()));
  }

  /** Returns the text for the worker. */
  @Override
  public String toString() {
    return unsigned() + "." + signature;
  }
}
