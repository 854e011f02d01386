/**
 * The configuration of a program.
 *
 * <p>{@link dev.holdfast.config.Keys} is the table of all that can be set: each key is a value with
 * its name, kind, default, description and environment variables. Flags, environment and file are
 * sources that answer what was given for a key; the first one that answers counts. {@link
 * dev.holdfast.config.Configuration#load} asks them for every key, gathers all mistakes, and makes
 * one record for each concern – those of core wherever core has one.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
