/**
 * The filter builder: conditions and groups over the fields and operators this caller may use. It edits a copy and hands
 * it back when applied.
 */
import { Button, CloseButton, SegmentedControl, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { Operator } from '../../../metadata/operators.ts'
import type { Model, ModelEntity } from '../api/model.ts'
import '../floating-css.ts'
import { operatorKey } from './describe-filter.ts'
import {
  type Condition,
  emptyGroup,
  type FilterField,
  type FilterNode,
  filterFields,
  type Group,
  newCondition,
  replaceNode,
  withOperator,
} from './filter.ts'
import classes from './filter-builder.module.css'
import { OperandInput } from './operand-input.tsx'

interface BuilderProps {
  readonly model: Model
  readonly entity: ModelEntity
  readonly filter: Group
  readonly onApply: (filter: Group) => void
}

/** The builder. */
export function FilterBuilder({ model, entity, filter, onApply }: BuilderProps) {
  const { t } = useWords()
  const fields = useMemo(() => filterFields(model, entity), [model, entity])
  const [draft, setDraft] = useState<Group>(() => (filter.of.length > 0 ? filter : withFirst(filter, fields)))
  return (
    <form
      className={classes.builder}
      onSubmit={event => {
        event.preventDefault()
        onApply(draft)
      }}
    >
      <GroupEditor group={draft} fields={fields} onChange={setDraft} depth={0} />
      <div className={classes.foot}>
        <Button variant="subtle" color="gray" onClick={() => onApply(emptyGroup())}>
          {t('filter.clear')}
        </Button>
        <Button type="submit">{t('filter.apply')}</Button>
      </div>
    </form>
  )
}

function withFirst(filter: Group, fields: readonly FilterField[]): Group {
  const first = fields[0]
  return first ? { ...filter, of: [newCondition(first)] } : filter
}

interface GroupProps {
  readonly group: Group
  readonly fields: readonly FilterField[]
  readonly onChange: (group: Group) => void
  readonly onRemove?: () => void
  readonly depth: number
}

function GroupEditor({ group, fields, onChange, onRemove, depth }: GroupProps) {
  const { t } = useWords()
  const first = fields[0]
  const add = (node: FilterNode): void => onChange({ ...group, of: [...group.of, node] })
  return (
    <fieldset className={depth === 0 ? undefined : classes.group}>
      <legend className={classes.hidden}>{t('filter.join')}</legend>
      <div className={classes.groupHead}>
        <SegmentedControl
          size="xs"
          aria-label={t('filter.join')}
          value={group.join}
          onChange={join => onChange({ ...group, join: join === 'or' ? 'or' : 'and' })}
          data={[
            { value: 'and', label: t('filter.match_and') },
            { value: 'or', label: t('filter.match_or') },
          ]}
        />
        {onRemove && <CloseButton aria-label={t('filter.remove_group')} onClick={onRemove} />}
      </div>
      <ul className={classes.lines}>
        {group.of.map(node => (
          <li key={node.id}>
            <NodeEditor node={node} fields={fields} depth={depth} onChange={next => onChange(replaceNode(group, node.id, next))} />
          </li>
        ))}
      </ul>
      <div className={classes.add}>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} stroke={2} />}
          disabled={!first}
          onClick={() => first && add(newCondition(first))}
        >
          {t('filter.add')}
        </Button>
        {depth === 0 && (
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconPlus size={15} stroke={2} />}
            disabled={!first}
            onClick={() => first && add({ ...emptyGroup(group.join === 'and' ? 'or' : 'and'), of: [newCondition(first)] })}
          >
            {t('filter.add_group')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

interface NodeProps {
  readonly node: FilterNode
  readonly fields: readonly FilterField[]
  readonly depth: number
  readonly onChange: (node: FilterNode | null) => void
}

function NodeEditor({ node, fields, depth, onChange }: NodeProps) {
  const { t } = useWords()
  if (node.kind === 'group') {
    return <GroupEditor group={node} fields={fields} depth={depth + 1} onChange={onChange} onRemove={() => onChange(null)} />
  }
  const chosen = node.kind === 'condition' ? fields.find(field => field.path === node.path) : undefined
  if (node.kind === 'sealed' || !chosen) {
    return (
      <div className={classes.line}>
        <span className={classes.sealed}>{t('filter.custom')}</span>
        <CloseButton aria-label={t('filter.remove')} onClick={() => onChange(null)} />
      </div>
    )
  }
  return <ConditionEditor condition={node} chosen={chosen} fields={fields} onChange={onChange} />
}

function ConditionEditor(props: {
  readonly condition: Condition
  readonly chosen: FilterField
  readonly fields: readonly FilterField[]
  readonly onChange: (node: FilterNode | null) => void
}) {
  const { t } = useWords()
  const { condition, chosen, fields, onChange } = props
  const choices = operatorChoices(chosen)
  const current = condition.operator === 'is_null' && condition.operand === false ? 'is_not_null' : condition.operator
  return (
    <div className={classes.line}>
      <Select
        className={classes.field ?? ''}
        aria-label={t('filter.field')}
        data={fields.map(field => ({ value: field.path, label: field.label }))}
        value={condition.path}
        onChange={path => {
          const next = fields.find(field => field.path === path)
          if (next) onChange({ ...newCondition(next), id: condition.id })
        }}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('input.nothing_found')}
      />
      <Select
        className={classes.operator ?? ''}
        aria-label={t('filter.operator')}
        data={choices.map(choice => ({
          value: choice,
          label: t(choice === 'is_not_null' ? 'operator.is_not_null' : operatorKey(choice, chosen.field)),
        }))}
        value={current}
        onChange={value => {
          const choice = choices.find(candidate => candidate === value)
          if (choice === 'is_not_null') onChange({ ...condition, operator: 'is_null', operand: false })
          else if (choice) onChange({ ...withOperator(condition, choice), ...(choice === 'is_null' ? { operand: true } : {}) })
        }}
        allowDeselect={false}
      />
      <div className={classes.operand}>
        <OperandInput condition={condition} field={chosen.field} onChange={operand => onChange({ ...condition, operand })} />
      </div>
      <CloseButton aria-label={t('filter.remove')} onClick={() => onChange(null)} />
    </div>
  )
}

function operatorChoices(chosen: FilterField): (Operator | 'is_not_null')[] {
  return chosen.field.filter
    .filter(operator => operator !== 'changed' && operator !== 'changed_to')
    .flatMap((operator): (Operator | 'is_not_null')[] => (operator === 'is_null' ? ['is_null', 'is_not_null'] : [operator]))
}
