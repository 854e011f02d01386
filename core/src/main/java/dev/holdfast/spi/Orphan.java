package dev.holdfast.spi;

/**
 * A RUNNING job whose node does not live.
 *
 * @param job the job under its last lease
 * @param began whether its handler was running when the node died; a job that was only waiting on
 *     the node did not cause the death and does not count as crashed
 * @param cause what happened to the node, for the history
 */
public record Orphan(Claimed job, boolean began, String cause) {}
