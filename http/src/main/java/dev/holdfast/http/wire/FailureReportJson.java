package dev.holdfast.http.wire;

import dev.holdfast.FailureReport;
import java.util.List;

/** Wire form of a {@link FailureReport}: groups and totals. */
public record FailureReportJson(
    List<FailureGroupJson> failures, long jobs, long mutedJobs, boolean whole) {

  /** Returns a report. */
  public static FailureReportJson of(FailureReport report) {
    return new FailureReportJson(
        report.groups().stream().map(FailureGroupJson::of).toList(),
        report.jobs(),
        report.mutedJobs(),
        report.isWhole());
  }

  /** Returns the report. */
  public FailureReport report() {
    return new FailureReport(
        failures.stream().map(FailureGroupJson::group).toList(), jobs, mutedJobs, whole);
  }
}
