package dev.holdfast.torture.mutants;

import dev.holdfast.Job;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import java.util.List;

/** Gives every attempt the same token. */
final class SameToken extends Changes {
  SameToken(JobStore behind) {
    super(behind);
  }

  private static final long TOKEN = 1;

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    List<Acknowledgement> newest =
        ends.stream().map(end -> Acknowledgements.under(end, newest(end.lease()))).toList();
    Exchange exchange = behind.exchange(newest, claim);
    return new Exchange(exchange.claimed().stream().map(SameToken::same).toList(), List.of());
  }

  public List<Lease> held(NodeId node) {
    return behind.nodes().held(node).stream()
        .map(lease -> Acknowledgements.under(lease, TOKEN))
        .toList();
  }

  private long newest(Lease lease) {
    return behind.find(lease.job()).map(Job::token).orElse(TOKEN);
  }

  private static Claimed same(Claimed job) {
    return new Claimed(
        Acknowledgements.under(job.lease(), TOKEN),
        job.queue(),
        job.type(),
        job.payload(),
        job.payloadVersion(),
        job.maxAttempts(),
        job.crashes(),
        job.timeout(),
        job.metadata(),
        job.line(),
        job.alone(),
        job.waited());
  }
}
