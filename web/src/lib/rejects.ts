// Why lines could not be parsed, in words.

const REASONS: Readonly<Record<string, string>> = {
  bad_time: 'The time field is no Unix time',
  bad_duration: 'The duration is no number',
  bad_result: 'The result field is not RESULT/status',
  bad_size: 'The size is no number',
  bad_hierarchy: 'The hierarchy field is not CODE/peer',
  too_few_fields: 'Fewer fields than the format has',
  too_long: 'Longer than a line may be',
  bad_status: 'The status is no number',
  bad_syntax: 'Not written as the format writes its lines',
  no_header: 'Before the line that says what its fields are',
};

/** What a reason means; of one that is not known here, its name. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason;
}
