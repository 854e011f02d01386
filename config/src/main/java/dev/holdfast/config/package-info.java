/**
 * The configuration of a program.
 *
 * <p>{@link dev.holdfast.config.Keys} is the table of all settings: each key has a name, kind,
 * default, description and environment variables. Flags, environment and file are sources of
 * values; the first one that has a value wins. {@link dev.holdfast.config.Configuration#load} asks
 * them for every key, collects all mistakes, and creates one record for each concern – that of core
 * if core has one.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
