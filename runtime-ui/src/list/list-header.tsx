/** The head of a list: what it lists, how many, and the way to a new one. A view. */
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ModelEntity } from '../api/model.ts'
import type { PageInfo } from '../api/client.ts'
import { formatNumber } from '../display/number.ts'
import { useWords } from '../i18n/use-words.ts'
import classes from './list.module.css'

/** The head. */
export function ListHeader({ entity, page = null }: { readonly entity: ModelEntity; readonly page?: PageInfo | null }) {
  const { t, locale } = useWords()
  return (
    <header className={classes.header}>
      <div className={classes.titles}>
        <h1 className={classes.title}>{entity.plural_label}</h1>
        {page?.count !== undefined && (
          <span className={classes.count}>
            {page.count_kind === 'at_least'
              ? t('list.count_at_least', { formatted: formatNumber(page.count, locale) })
              : t('list.count', { count: page.count, formatted: formatNumber(page.count, locale) })}
          </span>
        )}
      </div>
      {entity.operations.includes('create') && (
        <Button
          className={classes.create ?? ''}
          renderRoot={root => <Link to="/records/$entity/new" params={{ entity: entity.key }} {...root} />}
          leftSection={<IconPlus size={17} stroke={2} />}
          aria-label={t('list.new_entity', { entity: entity.label })}
        >
          {t('list.new')}
        </Button>
      )}
    </header>
  )
}
