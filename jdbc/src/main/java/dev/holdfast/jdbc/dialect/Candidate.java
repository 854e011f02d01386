package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;

/**
 * A pending job that a claim may choose.
 *
 * @param job its id
 * @param number the row's number, where the dialect has one
 * @param lane its lane
 * @param place its position in the lane
 */
public record Candidate(JobId job, long number, long lane, Place place)
    implements Comparable<Candidate> {

  /** Compares by claim order. */
  @Override
  public int compareTo(Candidate other) {
    int byPlace = place.compareTo(other.place);
    return byPlace != 0 ? byPlace : job.compareTo(other.job);
  }
}
