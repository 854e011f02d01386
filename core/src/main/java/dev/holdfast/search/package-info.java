/**
 * The conditions of a {@link dev.holdfast.JobFilter}: fields, ranges, groups and an order; and
 * those by which groups of dead letters are chosen.
 */
@NullMarked
package dev.holdfast.search;

import org.jspecify.annotations.NullMarked;
