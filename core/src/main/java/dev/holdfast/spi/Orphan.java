package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.RecoveryPolicy;
import java.util.Optional;

/**
 * A RUNNING job whose node does not live.
 *
 * @param lease the last lease
 * @param type the job's type
 * @param crashes how often its process died before
 * @param began whether its handler was running when the node died; a job that was only waiting on
 *     the node did not cause the death and does not count as crashed
 * @param recovery what its node had said should become of such a job; empty if that is not known
 * @param death what happened to the node
 */
public record Orphan(
    Lease lease,
    String type,
    int crashes,
    boolean began,
    Optional<RecoveryPolicy> recovery,
    Death death) {}
