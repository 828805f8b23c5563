/** The filter in words: a chip per condition, each of which can be taken away. */
import { Button, CloseButton } from '@mantine/core'
import { Fragment } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { PeriodWord } from '../../../metadata/predicate-types.ts'
import { useModel } from '../api/context.ts'
import type { ModelEntity, ModelField } from '../api/model.ts'
import { textOf } from '../display/field-text.ts'
import { useDisplayScope } from '../display/value.tsx'
import { useRecordLabels } from '../lookup/labels.ts'
import { columnOf } from './columns.ts'
import { operatorKey, PERIODS, partsOfDuration } from './describe-filter.ts'
import { type Condition, type FilterNode, type Group, replaceNode } from './filter.ts'
import classes from './list.module.css'

interface ChipsProps {
  readonly filter: Group
  readonly entity: ModelEntity
  readonly onChange: (filter: Group) => void
  readonly onClear: () => void
}

/** The chips. */
export function FilterChips({ filter, entity, onChange, onClear }: ChipsProps) {
  const { t } = useWords()
  return (
    <div className={classes.chips}>
      {filter.of.map((node, place) => (
        <Fragment key={node.id}>
          {place > 0 && <span className={classes.join}>{t(filter.join === 'or' ? 'filter.or' : 'filter.and')}</span>}
          <span className={classes.chip}>
            <span className={classes.chipText}>
              <Words node={node} entity={entity} />
            </span>
            <CloseButton size="sm" aria-label={t('filter.remove')} onClick={() => onChange(replaceNode(filter, node.id, null))} />
          </span>
        </Fragment>
      ))}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={onClear}>
        {t('filter.clear')}
      </Button>
    </div>
  )
}

function Words({ node, entity }: { readonly node: FilterNode; readonly entity: ModelEntity }) {
  const { t } = useWords()
  if (node.kind === 'sealed') return t('filter.custom')
  if (node.kind === 'condition') return <ConditionWords condition={node} entity={entity} />
  return node.of.map((part, place) => (
    <Fragment key={part.id}>
      {place > 0 && <span className={classes.chipField}> {t(node.join === 'or' ? 'filter.or' : 'filter.and')} </span>}
      <Words node={part} entity={entity} />
    </Fragment>
  ))
}

function ConditionWords({ condition, entity }: { readonly condition: Condition; readonly entity: ModelEntity }) {
  const { t } = useWords()
  const column = columnOf(useModel(), entity, condition.path)
  const values = useOperandTexts(condition, column?.field)
  if (!column) return t('filter.custom')
  const operator = t(operatorKey(condition.operator, column.field, condition.operand))
  return (
    <>
      <span className={classes.chipField}>
        {column.label} {operator}
      </span>{' '}
      {values}
    </>
  )
}

function useOperandTexts(condition: Condition, field: ModelField | undefined): string {
  const { t } = useWords()
  const scope = useDisplayScope()
  const operands = Array.isArray(condition.operand) ? condition.operand : [condition.operand]
  const referenced = field?.kind === 'id' || field?.type === 'multi_reference'
  const labels = useRecordLabels(field?.target, referenced ? operands.map(String) : [])
  if (!field || condition.operator === 'is_null') return ''
  if (condition.operator === 'in_period')
    return t(PERIODS.find(word => word === condition.operand) ? `period.${condition.operand as PeriodWord}` : 'filter.custom')
  const duration = partsOfDuration(condition.operand)
  if (duration) return `${duration.amount} ${t(`duration.${duration.unit}`)}`
  if (referenced) return labels.map(label => label?.label ?? '…').join(', ')
  const texts = operands.map(operand => textOf(operand, field, scope))
  return condition.operator === 'between' ? texts.join(' – ') : texts.join(', ')
}
