-- What lightweight updates need, with which a deletion is one small part more and no rewriting of those that there are.

ALTER TABLE traces MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE spans MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE feedback_scores MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE threads MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE comments MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE attachments MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;

ALTER TABLE guardrails MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1;
